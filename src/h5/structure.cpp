#include "h5/structure.hpp"

#include "base/error.hpp"
#include "h5/object_path.hpp"
#include "h5/reader_process.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

namespace attnpaths::h5 {

namespace {

constexpr hssize_t largest_attribute = 1 << 20;

class StructureWalk {
  public:
    StructureWalk(hid_t file, const std::string& path) : file_(file), path_(path) {}

    void run() {
        visit("/");
        while (!groups_.empty()) {
            const std::string group = std::move(groups_.back());
            groups_.pop_back();
            for (const std::string& member : members(group)) {
                const std::string object = member_path(group, member);
                H5L_info_t link{};
                if (H5Lget_info(file_, object.c_str(), &link, H5P_DEFAULT) < 0) fail(object, damaged);
                if (link.type != H5L_TYPE_HARD) fail(object, "is a link, which a store has none of");
                visit(object);
            }
        }
    }

  private:
    static constexpr const char* damaged = "cannot be read; the file is damaged";

    [[noreturn]] void fail(const std::string& object, const char* what) const {
        if (what == damaged) h5::fail(path_ + ": " + object, what);
        throw DataError(fmt::format("{}: {}: {}", path_, object, what));
    }

    [[nodiscard]] std::vector<std::string> members(const std::string& group) const {
        std::vector<std::string> names;
        const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
            static_cast<std::vector<std::string>*>(list)->emplace_back(name);
            return 0;
        };
        if (H5Literate_by_name(file_, group.c_str(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, +add, &names,
                               H5P_DEFAULT) < 0)
            fail(group, damaged);
        return names;
    }

    void visit(const std::string& name) {
        limit_next_step(0);
        const Handle object(H5Oopen(file_, name.c_str(), H5P_DEFAULT), H5Oclose);
        H5O_info_t info{};
        if (!object || H5Oget_info2(object.id(), &info, H5O_INFO_BASIC) < 0) fail(name, damaged);
        if (!seen_.insert(info.addr).second)
            fail(name, "is in the file twice, as a link in a circle would be");
        check_attributes(object.id(), name);
        if (info.type == H5O_TYPE_GROUP)
            groups_.push_back(name);
        else if (info.type == H5O_TYPE_DATASET)
            check_dataset(object.id(), name);
        else
            fail(name, "is neither group nor data set");
    }

    void check_type(hid_t type, const std::string& name) const {
        const H5T_class_t kind = H5Tget_class(type);
        if (kind == H5T_INTEGER || kind == H5T_FLOAT) return;
        if (kind != H5T_STRING || H5Tis_variable_str(type) != 0)
            fail(name, "holds neither numbers nor texts of fixed length");
    }

    void check_attributes(hid_t object, const std::string& name) const {
        const auto add = [](hid_t, const char* attribute, const H5A_info_t*, void* list) -> herr_t {
            static_cast<std::vector<std::string>*>(list)->emplace_back(attribute);
            return 0;
        };
        std::vector<std::string> names;
        if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, +add, &names) < 0)
            fail(name, damaged);
        for (const std::string& attribute : names) {
            const std::string where = name + " attribute " + attribute;
            const Handle opened(H5Aopen(object, attribute.c_str(), H5P_DEFAULT), H5Aclose);
            if (!opened) fail(where, damaged);
            const Handle type(H5Aget_type(opened.id()), H5Tclose);
            const Handle space(H5Aget_space(opened.id()), H5Sclose);
            if (!type || !space) fail(where, damaged);
            check_type(type.id(), where);
            const hssize_t count = H5Sget_simple_extent_npoints(space.id());
            if (count < 0 || count > largest_attribute) fail(where, "is too large; the file is damaged");
            std::vector<char> bytes(static_cast<std::size_t>(count) * H5Tget_size(type.id()));
            if (H5Aread(opened.id(), type.id(), bytes.data()) < 0) fail(where, damaged);
        }
    }

    void check_dataset(hid_t dataset, const std::string& name) const {
        const Handle type(H5Dget_type(dataset), H5Tclose);
        const Handle space(H5Dget_space(dataset), H5Sclose);
        const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
        if (!type || !space || !creation) fail(name, damaged);
        check_type(type.id(), name);
        const H5D_layout_t layout = H5Pget_layout(creation.id());
        if (layout == H5D_LAYOUT_ERROR || layout == H5D_VIRTUAL || H5Pget_external_count(creation.id()) > 0)
            fail(name, "keeps its values in another file, which a store does not");
        // The library believes what the layout says of its size, and reads beyond it for a larger shape.
        const hssize_t count = H5Sget_simple_extent_npoints(space.id());
        const hsize_t stored = H5Dget_storage_size(dataset);
        hsize_t bytes = 0;
        if (count < 0 ||
            __builtin_mul_overflow(static_cast<hsize_t>(count), H5Tget_size(type.id()), &bytes) ||
            (layout != H5D_CHUNKED && stored != bytes))
            fail(name, "has another size than its shape says; the file is damaged");
        hsize_t chunks = 0;
        if (layout == H5D_CHUNKED && H5Dget_num_chunks(dataset, space.id(), &chunks) < 0) fail(name, damaged);
    }

    hid_t file_;
    const std::string& path_;
    std::vector<std::string> groups_;  // still to be listed
    std::set<haddr_t> seen_;           // objects, by address
};

}  // namespace

void check_structure(hid_t file, const std::string& path) {
    StructureWalk(file, path).run();
}

}  // namespace attnpaths::h5
