// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/config.hpp"

#include "actors/host/setting_text.hpp"
#include "actors/host/ticket_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace saffron::host {

namespace {

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
  case toml::node_type::table: return "a table";
  case toml::node_type::array: return "an array";
  case toml::node_type::string: return "a string";
  case toml::node_type::integer: return "an integer";
  case toml::node_type::floating_point: return "a decimal";
  case toml::node_type::boolean: return "a boolean";
  case toml::node_type::date: return "a date without a time";
  case toml::node_type::time: return "a time without a date";
  case toml::node_type::date_time: return "a time without an offset";
  default: return "nothing";
  }
}

/// The node as the text that the command line would have; nothing when its TOML type does not fit the setting.
std::optional<std::string> text_of(const setting& where, const toml::node& node) {
  const bool number =
      std::holds_alternative<std::size_t*>(where) || std::holds_alternative<std::optional<std::uint16_t>*>(where);
  const bool seconds = std::holds_alternative<std::chrono::milliseconds*>(where);
  const bool moment = std::holds_alternative<expiry*>(where);
  const bool boolean = is_switch(where);
  if (const auto* value = node.as_boolean(); value && boolean) return value->get() ? "true" : "false";
  if (const auto* value = node.as_integer(); value && (number || seconds || moment))
    return fmt::format("{}", value->get());
  if (const auto* value = node.as_floating_point(); value && seconds) return fmt::format("{}", value->get());
  if (const auto* value = node.as_date_time(); value && moment && value->get().offset) {
    const auto& [date, time, offset] = value->get();
    const int minutes = offset->minutes;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", date.year, date.month, date.day, time.hour,
                       time.minute, time.second, minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                       std::abs(minutes) % 60);
  }
  if (const auto* value = node.as_string(); value && !number && !seconds && !boolean) return value->get();
  return {};
}

class toml_reader {
public:
  toml_reader(std::string_view file, findings& found) : file_(file), found_(found) {}

  void read(const toml::table& document, options& o) {
    for (const auto& [key, node] : document)
      if (key == "vm")
        read_vms(node, o);
      else
        read_setting_of(option_table(), key, node, o, "");
  }

private:
  void problem(const toml::source_region& at, std::string_view key, std::string_view text) {
    found_.problems.push_back(fmt::format("{}:{}: {}: {}", file_, at.begin.line, key, text));
  }

  void read_vms(const toml::node& node, options& o) {
    const auto* tables = node.as_array();
    if (!tables || !std::all_of(tables->begin(), tables->end(), [](const auto& n) { return n.is_table(); }))
      return problem(node.source(), "vm", "expected [[vm]] tables");
    for (const auto& table : *tables) {
      auto& vm = o.vms.emplace_back();
      for (const auto& [key, value] : *table.as_table()) read_setting_of(vm_table(), key, value, vm, "vm.");
    }
  }

  template <class Options>
  void read_setting_of(std::span<const entry<Options>> table, const toml::key& key, const toml::node& node, Options& o,
                       std::string_view prefix) {
    const auto name = fmt::format("{}{}", prefix, key.str());
    const auto* e = find(table, key.str());
    if (!e) return problem(key.source(), name, unknown_name(table, key.str()));
    const auto where = e->in(o);
    const auto wrong_type = [&](const toml::node& n) {
      problem(n.source(), name, fmt::format("{}, got {}", expectation(where, {e->least, e->most}), kind_of(n)));
    };

    std::vector<std::string> texts;
    if (const auto* array = node.as_array(); array && is_list(where)) {
      for (const auto& item : *array)
        if (auto text = text_of(where, item))
          texts.push_back(std::move(*text));
        else
          return wrong_type(item);
    } else if (auto text = text_of(where, node)) {
      texts.push_back(std::move(*text));
    } else {
      return wrong_type(node);
    }
    if (const auto done = assign(*e, o, texts); !done) problem(node.source(), name, done.error());
  }

  std::string_view file_;
  findings& found_;
};

std::optional<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return {};
  try {
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  } catch (const std::ios_base::failure&) { // a directory
    return {};
  }
}

/// The VM that a --vm means: the file's VM of this name gets other settings; a name given twice on the command line
/// stays a mistake for the rules to find.
vm_options& vm_named(const std::string& name, options& o, std::set<std::string>& named) {
  auto vm = o.vms.end();
  if (named.insert(name).second)
    vm = std::find_if(o.vms.begin(), o.vms.end(), [&](const vm_options& v) { return v.name == name; });
  return vm == o.vms.end() ? o.vms.emplace_back() : *vm;
}

/// `prefix` is "--vm: " or "--".
void apply_vm(std::string_view text, std::string_view prefix, options& o, findings& found,
              std::set<std::string>& named) {
  std::map<std::string, std::vector<std::string>> keys; // listen=…,listen=… is a list
  for (auto& [key, value] : split_vm(text)) keys[key].push_back(std::move(value));
  const auto name = keys.contains("name") ? keys["name"].front() : std::string{};
  auto& vm = vm_named(name, o, named);
  const bool with_ticket = keys.contains("ticket");
  for (const auto& [key, texts] : keys) {
    const auto* e = find(vm_table(), key);
    if (!e && with_ticket) // it may be the tail of a ticket, which is not for the log
      found.problems.push_back(
          fmt::format("{}an item is no known key (a comma inside a value is written twice)", prefix));
    else if (!e)
      found.problems.push_back(fmt::format("{}{}: {}", prefix, key, unknown_name(vm_table(), key)));
    else if (const auto done = assign(*e, vm, texts); !done)
      found.problems.push_back(fmt::format("{}{}: {}", prefix, key, done.error()));
  }
  if (with_ticket)
    found.warnings.push_back(fmt::format(
        "vm {}: its ticket was on the command line, where every user could see it for a moment; use ticket-file",
        name));
}

} // namespace

std::vector<std::pair<std::string, std::string>> split_vm(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> items;
  std::string item;
  const auto finish = [&] {
    const auto equals = item.find('=');
    if (equals == item.npos)
      items.emplace_back(item, "true");
    else
      items.emplace_back(item.substr(0, equals), item.substr(equals + 1));
    item.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') {
      item += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == ',') {
      item += text[i++];
    } else {
      finish();
    }
  }
  finish();
  return items;
}

void apply_toml(std::string_view text, std::string_view file, options& o, findings& found) {
  try {
    toml_reader{file, found}.read(toml::parse(text, file), o);
  } catch (const toml::parse_error& e) {
    found.problems.push_back(fmt::format("{}:{}: syntax: {}", file, e.source().begin.line, e.description()));
  }
}

void apply_command_line(const std::vector<given>& command_line, options& o, findings& found) {
  std::set<std::string> named;
  for (const auto& g : command_line) {
    if (g.name == "vm" || g.name == "demo") {
      for (const auto& text : g.texts) apply_vm(text, g.name == "vm" ? "--vm: " : "--", o, found, named);
      continue;
    }
    const auto* e = find(option_table(), g.name);
    const bool none = e && is_list(e->in(o)) && g.texts == std::vector<std::string>{"none"};
    if (!e)
      found.problems.push_back(fmt::format("--{}: {}", g.name, unknown_name(option_table(), g.name)));
    else if (const auto done = assign(*e, o, none ? std::vector<std::string>{} : g.texts); !done)
      found.problems.push_back(fmt::format("--{}: {}", g.name, done.error()));
  }
}

void load_tickets(options& o, findings& found) {
  for (auto& vm : o.vms) {
    if (vm.ticket_file.empty()) continue;
    if (vm.ticket) {
      found.problems.push_back(fmt::format("vm {}: has both ticket and ticket-file", vm.name));
      continue;
    }
    auto file = read_ticket_file(vm.ticket_file);
    if (!file) {
      found.problems.push_back(fmt::format("vm {}: ticket-file {} cannot be read", vm.name, vm.ticket_file.string()));
      continue;
    }
    if (file->open_to_others)
      found.warnings.push_back(fmt::format("vm {}: ticket-file {} is open to every user; chmod 600 closes it", vm.name,
                                           vm.ticket_file.string()));
    vm.ticket = std::move(file->ticket);
  }
}

loaded load(const sources& from) {
  loaded all{from.base, {}};
  if (!from.config.empty()) {
    if (const auto text = read_text(from.config))
      apply_toml(*text, from.config.string(), all.value, all.found);
    else
      all.found.problems.push_back(fmt::format("{}: cannot be read", from.config.string()));
  }
  apply_command_line(from.command_line, all.value, all.found);
  load_tickets(all.value, all.found);
  if (all.value.control.empty()) all.value.control = default_control_path();
  return all;
}

} // namespace saffron::host
