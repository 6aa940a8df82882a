// SPDX-License-Identifier: BSD-3-Clause
// Checksums, comparisons and files of pictures.
#include "bench/load/canvas.hpp"

#include <fmt/format.h>

#include <fstream>

namespace saffron::load {

namespace {
constexpr std::uint32_t visible = 0xffffff; // B G R
}

std::uint64_t checksum(const surface& of, rect part) noexcept {
  constexpr std::uint64_t offset_basis = 0xcbf29ce484222325, prime = 0x100000001b3;
  auto hash = offset_basis;
  part = part.intersect(of.area());
  for (auto y = part.top; y < part.bottom; ++y) {
    const auto* row = of.at(0, y);
    for (auto x = part.left; x < part.right; ++x)
      for (unsigned shift = 0; shift < 24; shift += 8) hash = (hash ^ (row[x] >> shift & 0xff)) * prime;
  }
  return hash;
}

cutout cut(const surface& from, const rect& part) {
  cutout out{part.intersect(from.area()), {}};
  for (auto y = out.area.top; y < out.area.bottom && !out.area.empty(); ++y)
    out.pixels.insert(out.pixels.end(), from.at(out.area.left, y), from.at(out.area.left, y) + out.area.width());
  return out;
}

double mean_difference(const surface& now, const cutout& before, const rect& part) noexcept {
  const auto common = part.intersect(before.area).intersect(now.area());
  if (common.empty()) return 0;
  std::uint64_t sum = 0;
  for (auto y = common.top; y < common.bottom; ++y) {
    const auto* old = before.pixels.data() + static_cast<std::ptrdiff_t>(y - before.area.top) * before.area.width() -
                      before.area.left;
    const auto* row = now.at(0, y);
    for (auto x = common.left; x < common.right; ++x)
      for (unsigned shift = 0; shift < 24; shift += 8) {
        const auto a = static_cast<int>(row[x] >> shift & 0xff), b = static_cast<int>(old[x] >> shift & 0xff);
        sum += static_cast<unsigned>(a < b ? b - a : a - b);
      }
  }
  return static_cast<double>(sum) / (3.0 * static_cast<double>(common.area()));
}

bool write_ppm(const std::filesystem::path& file, const surface& of) {
  std::ofstream out{file, std::ios::binary};
  out << fmt::format("P6\n{} {}\n255\n", of.size.width, of.size.height);
  std::string bytes;
  bytes.reserve(of.pixels.size() * 3);
  for (const auto pixel : of.pixels)
    for (const auto shift : {16u, 8u, 0u}) bytes.push_back(static_cast<char>(pixel >> shift & 0xff));
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.flush().good();
}

surface read_ppm(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  // Comments may stand between the words of the header.
  const auto word = [&in] {
    std::string w;
    while (in >> w && w.front() == '#') in.ignore(1 << 16, '\n');
    return w;
  };
  const auto number = [&word] { return static_cast<std::uint32_t>(std::strtoul(word().c_str(), nullptr, 10)); };
  if (word() != "P6") return {};
  surface s;
  s.size.width = number();
  s.size.height = number();
  const auto depth = number();
  in.get();
  if (!in || depth != 255 || s.size.width > 16384 || s.size.height > 16384) return {};
  std::vector<unsigned char> bytes(std::size_t{s.size.width} * s.size.height * 3);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<std::size_t>(in.gcount()) != bytes.size()) return {};
  for (std::size_t i = 0; i < bytes.size(); i += 3)
    s.pixels.push_back(static_cast<std::uint32_t>(bytes[i]) << 16 | static_cast<std::uint32_t>(bytes[i + 1]) << 8 |
                       bytes[i + 2]);
  return s;
}

std::uint64_t differing_pixels(const surface& a, const surface& b) noexcept {
  if (a.size != b.size) return std::max(a.pixels.size(), b.pixels.size());
  std::uint64_t differing = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) differing += ((a.pixels[i] ^ b.pixels[i]) & visible) != 0;
  return differing;
}

} // namespace saffron::load
