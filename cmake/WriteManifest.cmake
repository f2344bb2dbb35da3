# Run by cmake --install after all else: share/attnpaths/manifest.txt lists what this installation has put under the prefix, relative to
# it, so that it still holds when the tree has moved. Not for packages, whose manager keeps its own.
set(share "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/share/attnpaths")
set(lines share/attnpaths/manifest.txt)
foreach(file IN LISTS CMAKE_INSTALL_MANIFEST_FILES)
  file(RELATIVE_PATH place "${CMAKE_INSTALL_PREFIX}" "${file}")
  list(APPEND lines "${place}")
endforeach()
list(SORT lines)
list(REMOVE_DUPLICATES lines)
list(JOIN lines "\n" text)
file(WRITE "${share}/manifest.txt" "${text}\n")
