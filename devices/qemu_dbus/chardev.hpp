// SPDX-License-Identifier: BSD-3-Clause
// A chardev of an attached QEMU, between two actors of one loop: the source, which reaches QEMU, and the device, which
// wants sockets. Each side's work runs in its own actor's activation; a call of one side reaches the other as a
// completion.
#pragma once

#include "devices/char/connector.hpp"

#include <functional>
#include <memory>
#include <string>

namespace saffron::devices::qemu_dbus {

/// What the source does for its chardevs, in its own activation.
class chardev_registrar {
public:
  virtual ~chardev_registrar() = default;
  /// Hands the other end of a socket to the chardev. `then`, in the source's activation, says whether QEMU took it;
  /// it is not called when QEMU is lost before.
  virtual void register_chardev(const std::string& path, unique_fd socket,
                                const std::function<void(bool taken)>& then) = 0;
  virtual void send_break(const std::string& path) = 0;
};

class chardev : public std::enable_shared_from_this<chardev> {
public:
  /// Made by the source for one attachment. `source` and `qemu` live until gone().
  chardev(transport::activation& source, chardev_registrar& qemu, std::string path, bool opened)
      : source_(&source), qemu_(&qemu), path_(std::move(path)), opened_(opened) {}

  /// For the one backend of this chardev. False: the connection itself is the device's state, as for USB redirection.
  [[nodiscard]] std::unique_ptr<connector> make_connector(bool follows_guest);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // -- the source's side ----------------------------------------------------------------------------------------------

  /// FEOpened.
  void guest(bool opened);
  /// QEMU will not answer what it has been asked; it may be asked again.
  void interrupted();
  /// Its QEMU is lost or the source ends.
  void gone();

private:
  class door;

  void start(transport::activation& device, connector_owner& owner, bool follows_guest);
  void connect();
  void cancel();
  void stop();
  void send_break();

  void ask(std::uint64_t request);
  void answer(std::uint64_t request, result<unique_fd> socket);
  template <class F>
  void in_source(F f);
  template <class F>
  void in_device(F f);

  // The source's side.
  transport::activation* source_;
  chardev_registrar* qemu_;
  std::string path_;
  bool opened_;
  int refusals_ = 0;

  // The device's side.
  transport::activation* device_ = nullptr;
  connector_owner* owner_ = nullptr;
  bool follows_guest_ = false;
  std::uint64_t starts_ = 0;
  /// The number of the last connect(), and the one that waits for an answer; 0 for none.
  std::uint64_t requests_ = 0, waiting_ = 0;
};

} // namespace saffron::devices::qemu_dbus
