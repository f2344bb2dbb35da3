# After all other rules: what was installed is listed in share/attnpaths/manifest.txt, which share/attnpaths/uninstall.sh removes.
install(PROGRAMS cmake/uninstall.sh DESTINATION "${ATTNPATHS_INSTALL_SHARE}" COMPONENT manifest)
install(SCRIPT cmake/WriteManifest.cmake COMPONENT manifest)
