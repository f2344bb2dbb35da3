#pragma once

#include "h5/whole_file.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace attnpaths {

/// A valid data set file as plain pieces, for tests to break one at a time. N0 = 3, 2 tokens, 4 training and
/// 2 test examples.
struct Pieces {
    std::map<std::string, h5::Array<double>> arrays;
    std::map<std::string, std::string> texts{
        {"format", "attnpaths-dataset"}, {"readout", "last"}, {"attention", "softmax"}};
    std::map<std::string, std::int64_t> integers{{"version", 1}};
    std::map<std::string, std::vector<std::string>> strings;
    int causal_layer = 0;  ///< that has the attribute causal; 0 for none

    Pieces() {
        set("/train/x", {4, 3, 2});
        set("/train/y", {4});
        set("/test/x", {2, 3, 2});
        set("/test/y", {2});
        set("/heads/layer1/W", {2, 3, 3});
        set("/heads/layer2/Q", {1, 5, 3});
        set("/heads/layer2/K", {1, 5, 3});
    }
    /// Fills an array with -3 ... 3 in turn.
    void set(const std::string& object, const std::vector<hsize_t>& shape) {
        std::size_t size = 1;
        for (const hsize_t length : shape) size *= length;
        h5::Array<double> array{shape, std::vector<double>(size)};
        for (std::size_t i = 0; i < size; ++i) array.values[i] = static_cast<double>(i % 7) - 3;
        arrays[object] = array;
    }
    void set(const std::string& object, const std::vector<hsize_t>& shape,
             const std::vector<double>& values) {
        arrays[object] = {shape, values};
    }
    void write(const std::string& path) const {
        h5::write_whole_file(path, [&](h5::File& out) {
            for (const auto& [object, array] : arrays) out.write(object, array);
            for (const auto& [object, texts_of_object] : strings) out.write_strings(object, texts_of_object);
            for (const auto& [name, text] : texts) out.write_attribute("/", name, text);
            for (const auto& [name, value] : integers) out.write_attribute("/", name, value);
            if (causal_layer > 0)
                out.write_attribute("/heads/layer" + std::to_string(causal_layer), "causal", std::int64_t{1});
        });
    }
};

/// The same of version 2.
struct Version2Pieces : Pieces {
    Version2Pieces() { integers["version"] = 2; }

    /// Takes the weights of both layers away and gives maps: of 2 heads in layer 1, of 1 in layer 2.
    void use_maps() {
        for (const char* object : {"/heads/layer1/W", "/heads/layer2/Q", "/heads/layer2/K"})
            arrays.erase(object);
        for (const auto& [group, examples] : {std::pair{"/train", hsize_t{4}}, {"/test", hsize_t{2}}})
            for (const auto& [layer, heads] : {std::pair{"1", hsize_t{2}}, {"2", hsize_t{1}}}) {
                h5::Array<double> maps{{examples, heads, 2, 2}, {}};
                for (hsize_t row = 0; row < examples * heads * 2; ++row) {
                    const double first = static_cast<double>(row % 5) / 7;
                    maps.values.insert(maps.values.end(), {first, 1 - first});
                }
                arrays[group + std::string("/attention/layer") + layer] = maps;
            }
    }
};

}  // namespace attnpaths
