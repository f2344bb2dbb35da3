#!/usr/bin/env Rscript
# Make tests/data/diagnostics.txt, the convergence diagnostics that the tests compare with.
#
# usage: Rscript make_diagnostics_fixture.R [OUT]     (default: diagnostics.txt beside this script)
#
# Needs the R package posterior (Debian: r-cran-posterior; the committed file is from 1.4.0). The chains are generated
# here from a fixed seed, so the file is the same on every run. Its words are separated by white space:
#
#   case NAME DRAWS CHAINS
#   QUANTITY VALUE          one line each for rhat, ess_bulk, ...; nan where posterior says NA
#   draws                   followed by DRAWS lines of CHAINS numbers (17 significant digits)
#
# Not among the cases, because posterior's answer there is an accident: fewer than four draws (its halves lose their
# dimensions), chains that are each constant at a value of their own (R-hat is rounding error over rounding error), and
# infinite draws (R-hat and the bulk effective sample size ignore that, the others do not).

suppressPackageStartupMessages(library(posterior))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20210308)

normal <- function(draws, chains) matrix(rnorm(draws * chains), draws, chains)

# Chains x_t = rho x_{t-1} + noise, stationary with unit variance.
autoregressive <- function(draws, chains, rho) {
  x <- normal(draws, chains)
  for (t in seq_len(draws)[-1]) x[t, ] <- rho * x[t - 1, ] + sqrt(1 - rho^2) * x[t, ]
  x
}

with_element <- function(x, draw, chain, value) {
  x[draw, chain] <- value
  x
}

with_chain <- function(x, chain, values) {
  x[, chain] <- values
  x
}

cases <- list(
  independent = normal(250, 4),
  autoregressive = autoregressive(300, 4, 0.9),
  antithetic = autoregressive(250, 4, -0.6),
  cauchy = matrix(rcauchy(250 * 4), 250, 4),
  different_means = sweep(autoregressive(200, 4, 0.3), 2, c(0, 0, 0.4, 1), "+"),
  different_scales = sweep(autoregressive(200, 4, 0.3), 2, c(1, 1, 0.4, 3), "*"),
  drifting = normal(150, 4) + (1:150) / 75,
  far_from_zero = 1e6 + 1e-3 * autoregressive(100, 4, 0.5),
  odd_number_of_draws = autoregressive(151, 4, 0.5),
  odd_with_ties = matrix(rpois(51 * 3, 4), 51, 3),
  one_chain = autoregressive(200, 1, 0.5),
  two_short_chains = autoregressive(20, 2, 0.2),
  two_tiny_chains = normal(8, 2),
  smallest_with_ess = normal(6, 2),
  smallest_with_rhat = normal(4, 2),
  ties = matrix(rpois(150 * 4, 3), 150, 4),
  two_values = matrix(rbinom(60 * 4, 1, 0.3), 60, 4),
  rare_value = with_element(matrix(0, 60, 4), 17, 2, 1),
  alternating = matrix(rep(c(-1, 1.5), 40 * 2), 80, 2),
  one_constant_chain = with_chain(normal(100, 4), 3, 0.1),
  constant = matrix(0.1, 20, 2),
  one_nan = with_element(normal(20, 2), 7, 2, NaN)
)

quantities <- list(rhat = rhat, ess_bulk = ess_bulk, ess_tail = ess_tail, ess_mean = ess_mean, ess_sd = ess_sd,
                   mcse_mean = mcse_mean, mcse_sd = mcse_sd)

number <- function(x) {
  ifelse(is.na(x), "nan", sprintf("%.17g", x))
}

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
arguments <- commandArgs(trailingOnly = TRUE)
out <- if (length(arguments) > 0) arguments[1] else file.path(dirname(script), "diagnostics.txt")

lines <- character()
for (name in names(cases)) {
  x <- cases[[name]]
  lines <- c(lines, paste("case", name, nrow(x), ncol(x)))
  for (quantity in names(quantities)) {
    # posterior says by a warning when it caps an effective sample size.
    value <- suppressWarnings(quantities[[quantity]](x))
    lines <- c(lines, paste(quantity, number(value)))
  }
  lines <- c(lines, "draws", apply(x, 1, function(row) paste(number(row), collapse = " ")))
}
writeLines(lines, out)
