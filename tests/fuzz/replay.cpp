// Runs a fuzzer without libFuzzer: on the files of a folder, each of them cut short and with bytes changed,
// always in the same way. Finds in seconds, in every build, what a change to a decoder broke; new findings
// are libFuzzer's.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void try_input(const std::string& bytes) {
    // Exactly as many bytes as the input has, so that a sanitizer sees what reads beyond it.
    const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    static_cast<void>(LLVMFuzzerTestOneInput(copy.data(), copy.size()));
}

void try_relatives(const std::string& bytes) {
    try_input(bytes);
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 200);
    for (std::size_t length = 0; length < bytes.size(); length += step) try_input(bytes.substr(0, length));
    std::mt19937 random(1);
    for (int i = 0; i < 500 && !bytes.empty(); ++i) {
        std::string changed = bytes;
        for (int k = 0; k <= i % 3; ++k) changed[random() % changed.size()] = static_cast<char>(random());
        try_input(changed);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argc; ++i)
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const std::filesystem::path& file : files) {
        std::ifstream in(file, std::ios::binary);
        try_relatives({std::istreambuf_iterator<char>(in), {}});
    }
    std::printf("%zu inputs and their relatives\n", files.size());
    return files.empty() ? 1 : 0;
}
