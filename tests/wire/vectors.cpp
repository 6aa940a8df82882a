// SPDX-License-Identifier: BSD-3-Clause
#include "tests/wire/vectors.hpp"

#include <zlib.h>

#include <fstream>
#include <stdexcept>

namespace saffron::test {

namespace {

// Tests run in the folder that holds this one.
const std::string folder = "vectors/";

std::vector<std::byte> inflated(const std::vector<std::byte>& packed) {
  std::vector<std::byte> out(packed.size() * 2 + 1024);
  for (;;) {
    auto size = static_cast<uLongf>(out.size());
    const auto code = uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                 reinterpret_cast<const Bytef*>(packed.data()), packed.size());
    if (code == Z_OK) {
      out.resize(size);
      return out;
    }
    if (code != Z_BUF_ERROR) throw std::runtime_error("a vector is damaged");
    out.resize(out.size() * 2);
  }
}

} // namespace

std::vector<std::byte> vector_file(const std::string& name) {
  std::ifstream file(folder + name, std::ios::binary);
  if (!file) throw std::runtime_error("no vector " + name);
  const std::vector<char> content{std::istreambuf_iterator<char>{file}, {}};
  const auto* bytes = reinterpret_cast<const std::byte*>(content.data());
  std::vector<std::byte> out{bytes, bytes + content.size()};
  return name.ends_with(".z") ? inflated(out) : out;
}

std::vector<vector_entry> vectors_of(const std::string& codec) {
  std::ifstream file(folder + "index.json");
  std::vector<vector_entry> out;
  for (const auto& entry : nlohmann::json::parse(file))
    if (entry.value("codec", std::string{}) == codec) out.push_back({entry});
  return out;
}

std::vector<std::byte> vector_entry::payload() const { return vector_file(get<std::string>("file")); }

bool vector_entry::stored() const { return std::ifstream(folder + get<std::string>("file")).good(); }

image::bitmap vector_entry::raw() const {
  image::bitmap out;
  out.format = static_cast<image::bitmap_format>(get<int>("format"));
  out.width = get<std::uint32_t>("width");
  out.height = get<std::uint32_t>("height");
  out.top_down = get<bool>("top_down");
  out.pixels = vector_file(get<std::string>("raw") + ".z");
  return out;
}

std::vector<std::byte> vector_entry::decoded() const { return vector_file(get<std::string>("decoded") + ".z"); }

} // namespace saffron::test
