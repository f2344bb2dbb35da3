"""Spack recipe: spack repo add jobs/packaging/spack && spack install attnpaths"""

from spack.package import *


class Attnpaths(CMakePackage):
    """Statistical mechanics of attention paths: theory sweeps over MPI into one HDF5 store."""

    homepage = "https://arxiv.org/abs/2405.15926"
    git = "https://example.org/attnpaths.git"  # where you have it from

    license("Apache-2.0")

    version("main", branch="main")
    version("0.1.0", tag="v0.1.0")

    variant("python", default=True, description="Packages that the Python package attnpaths imports")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("fortran", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("git", type="build")
    depends_on("gzip", type="build")

    depends_on("mpi")
    depends_on("eigen@3.4:")
    depends_on("boost@1.74: +program_options")
    depends_on("fmt")
    depends_on("nlohmann-json")
    depends_on("hdf5@1.10: ~mpi")
    depends_on("openblas threads=none")  # its static library is linked
    depends_on("random123")
    depends_on("xxhash")
    depends_on("zlib-api")
    depends_on("libpng@1.6:")

    extends("python@3.11:", when="+python")
    for package in ("py-h5py", "py-numpy", "py-pandas", "py-xarray", "py-matplotlib"):
        depends_on(package, type="run", when="+python")

    conflicts("%gcc@:11", msg="C++20 of GCC 12 is needed")

    def cmake_args(self):
        return [
            self.define("ATTNPATHS_TESTS", False),
            self.define("ATTNPATHS_BENCHMARKS", False),
            self.define("ATTNPATHS_UNITY", True),
            self.define("ATTNPATHS_WERROR", False),
            self.define("ATTNPATHS_ARCH", ""),  # Spack's compiler wrapper names the target
            self.define("ATTNPATHS_OPENBLAS", join_path(self.spec["openblas"].prefix.lib, "libopenblas.a")),
            self.define("CMAKE_INSTALL_RPATH_USE_LINK_PATH", True),
        ]

    def setup_run_environment(self, env):
        env.prepend_path("PYTHONPATH", join_path(self.prefix, "lib/python3/dist-packages"))
