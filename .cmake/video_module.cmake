# The one part that knows libavcodec, a shared object that Saffron loads while it runs: so neither the program nor what is
# built on libsaffron.a needs libavcodec, and without it MJPEG is left.
if(NOT avcodec_FOUND)
  message(STATUS "No libavcodec-dev: saffron-video-avcodec.so is not built, video will be MJPEG only")
  return()
endif()
file(GLOB sources CONFIGURE_DEPENDS messages/image/avcodec/*.cpp)
add_library(saffron_video_avcodec MODULE ${sources})
set_target_properties(saffron_video_avcodec PROPERTIES OUTPUT_NAME saffron-video-avcodec PREFIX "")
target_link_libraries(saffron_video_avcodec PRIVATE saffron_flags PkgConfig::avcodec)
target_link_options(saffron_video_avcodec PRIVATE -Wl,--as-needed) # the common flags name CAF
add_dependencies(saffron saffron_video_avcodec) # nothing links it, but it is to lie beside the program
install(TARGETS saffron_video_avcodec LIBRARY DESTINATION lib/saffron) # video_module::usual_places()
