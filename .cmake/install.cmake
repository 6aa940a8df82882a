# What others build on: libsaffron.a with everything but the programs, the headers that an extension needs, and the
# CMake package `saffron`. README.md, "Add a channel", is its manual.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The headers that these reach, found by following their own includes: no more is promised to anybody.
set(reached "")
set(frontier actors/channel_actor.hpp actors/extensions.hpp actors/host/commands.hpp devices/char/memory_backend.hpp
  devices/char/stream_protocol.hpp messages/wire/any.hpp)
while(frontier)
  list(POP_FRONT frontier header)
  if(header IN_LIST reached)
    continue()
  endif()
  list(APPEND reached ${header})
  file(STRINGS ${header} includes REGEX "^#include \"")
  foreach(line ${includes})
    string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" name "${line}")
    list(APPEND frontier ${name})
  endforeach()
endwhile()

set(objects "")
set(links "")
foreach(part wire messages transport devices actors host)
  list(APPEND objects $<TARGET_OBJECTS:saffron_${part}>)
endforeach()
add_library(libsaffron STATIC ${objects})
set_target_properties(libsaffron PROPERTIES OUTPUT_NAME saffron EXPORT_NAME saffron LINKER_LANGUAGE CXX)
target_compile_features(libsaffron INTERFACE cxx_std_20)
target_compile_definitions(libsaffron INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED CAF_ENABLE_TYPE_ID_CHECKS)
target_include_directories(libsaffron INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/saffron>)
target_link_libraries(libsaffron INTERFACE CAF::core fmt::fmt OpenSSL::SSL OpenSSL::Crypto Threads::Threads
  PkgConfig::lz4 PkgConfig::xxhash PkgConfig::zlib PkgConfig::turbojpeg PkgConfig::pixman PkgConfig::cairo PkgConfig::systemd tomlplusplus::tomlplusplus)

install(TARGETS saffron RUNTIME)
install(TARGETS libsaffron EXPORT saffron ARCHIVE)
foreach(header ${reached})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/saffron/${folder})
endforeach()
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/saffron)
install(EXPORT saffron NAMESPACE saffron:: FILE saffronTargets.cmake DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/saffronConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES .cmake/saffronConfig.cmake .cmake/FindCAF.cmake ${CMAKE_CURRENT_BINARY_DIR}/saffronConfigVersion.cmake
  DESTINATION ${package})
