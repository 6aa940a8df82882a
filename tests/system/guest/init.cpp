// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/init.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace saffron::guest {

namespace fs = std::filesystem;

namespace {
std::vector<fs::path> entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator{folder, error}) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}
} // namespace

void mount_all() {
  constexpr struct { const char *type, *path; } mounts[] = {{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}};
  for (const auto& [type, path] : mounts) {
    (void)::mkdir(path, 0755);
    (void)::mount(type, path, type, 0, nullptr);
  }
}

std::vector<std::string> load_modules(const std::string& folder) {
  std::vector<std::string> failed;
  for (const auto& path : entries(folder)) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || ::syscall(SYS_finit_module, fd, "", 0) != 0) failed.push_back(path.filename());
    if (fd >= 0) (void)::close(fd);
  }
  return failed;
}

std::vector<virtio_port> virtio_ports() {
  std::vector<virtio_port> ports;
  for (const auto& path : entries("/sys/class/virtio-ports")) {
    std::string name;
    if (std::ifstream file{path / "name"}; std::getline(file, name) && !name.empty())
      ports.push_back({name, "/dev/" + path.filename().string()});
  }
  return ports;
}

} // namespace saffron::guest
