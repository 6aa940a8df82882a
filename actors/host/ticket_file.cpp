// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/ticket_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace saffron::host {

result<ticket_file> read_ticket_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail{errc::file_failed};
  struct stat about {};
  std::array<char, 4096> text; // a ticket has at most 60 bytes; a longer first line is seen as too long
  ssize_t size = -1;
  if (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) size = ::read(fd, text.data(), text.size());
  ::close(fd);
  if (size < 0) return fail{errc::file_failed};

  std::string line(text.data(), static_cast<std::size_t>(size));
  line.erase(std::min(line.find('\n'), line.size()));
  if (line.ends_with('\r')) line.pop_back();
  return ticket_file{std::move(line), (about.st_mode & S_IRWXO) != 0};
}

} // namespace saffron::host
