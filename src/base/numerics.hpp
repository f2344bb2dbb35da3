#pragma once

namespace attnpaths {

/// Fixed cache sizes for Eigen's matrix products, in one thread: their blocking, and with it the rounding of
/// a result, must not depend on the processor a point happens to land on. Large products are OpenBLAS's,
/// whose kernels are those of the processor's instructions. All that a library in somebody else's process may
/// set.
void fix_matrix_products();

/// Settings of the process that all numerics rely on; called once at the start of the program, before any
/// matrix work.
/// - Fixed matrix products.
/// - Large work arrays are kept by the allocator: giving them back to the system after each evaluation costs
/// more in page
///   faults than the evaluation itself.
void initialise_numerics();

}  // namespace attnpaths
