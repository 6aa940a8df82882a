// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/video_module.hpp"

#include "messages/image/module_encoder.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <system_error>

namespace saffron::image {

namespace {

namespace fs = std::filesystem;

bool exists(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string joined(std::span<const fs::path> places) {
  std::string text;
  for (const auto& place : places) text += (text.empty() ? "" : ", ") + place.string();
  return text;
}

/// The dynamic linker's own words name the library that it misses.
std::string why_not_loaded(const fs::path& file) {
  const char* said = dlerror();
  const std::string words = said ? said : "no reason given";
  const bool lacks_library = words.find("libav") == 0;
  return (lacks_library ? "libavcodec is not installed: " : "cannot load " + file.string() + ": ") + words;
}

} // namespace

std::vector<fs::path> video_module::usual_places() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto folder = program.parent_path();
  return {folder / file_name, folder.parent_path() / "lib" / "saffron" / file_name};
}

or_reason<video_module> video_module::load(std::span<const fs::path> places) {
  const auto file = std::ranges::find_if(places, exists);
  if (file == places.end())
    return tl::unexpected{std::string{file_name} + " is not installed: looked for " + joined(places)};
  // Its symbols stay its own; what it needs must be there now, not when a stream begins.
  void* module = dlopen(file->c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!module) return tl::unexpected{why_not_loaded(*file)};
  const auto entry = reinterpret_cast<saffron_video_entry>(dlsym(module, saffron_video_entry_name));
  if (!entry) return tl::unexpected{file->string() + " is not a module with video encoders"};
  return use(entry()).map_error([&](const std::string& reason) { return file->string() + reason; });
}

or_reason<video_module> video_module::use(const saffron_video_functions* functions) {
  if (!functions || functions->version != saffron_video_version)
    return tl::unexpected{std::string{" is a module of another version than this program"}};
  return video_module{*functions};
}

or_reason<std::unique_ptr<video_encoder>> video_module::create(const video_setting& setting,
                                                               const char* encoder) const {
  return module_encoder::open(*functions_, setting, encoder);
}

} // namespace saffron::image
