#include "files/present_failure.hpp"

#include "files/file_paths.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <new>

namespace attnpaths {

Failure present_failure() {
    try {
        throw;
    } catch (const Error& error) {
        return {error.code(), error.what()};
    } catch (const std::filesystem::filesystem_error& error) {
        return {is_storage_failure(error.code().value()) ? ExitCode::output_error : ExitCode::no_input,
                error.what()};
    } catch (const std::bad_alloc&) {
        return {ExitCode::internal, "out of memory"};
    } catch (const std::exception& error) {
        return {ExitCode::internal, fmt::format("internal error: {}", error.what())};
    }
}

}  // namespace attnpaths
