#include "h5/whole_file.hpp"

#include "files/new_file.hpp"

#include <string_view>
#include <vector>

namespace attnpaths::h5 {

void write_whole_file(const std::string& path, const std::function<void(File&)>& fill) {
    remove_abandoned_files(path);
    // Opened before the content is made: a missing or protected folder should not cost the user that work.
    NewFile output(path);
    File file = File::create_in_memory(path);
    fill(file);
    const std::vector<char> image = file.image();
    output.file().write_at(0, std::string_view(image.data(), image.size()));
    output.commit();
}

}  // namespace attnpaths::h5
