// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/command_line.hpp"

#include "actors/host/setting_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>

namespace saffron::host {

namespace {

constexpr std::string_view ticket_key = "ticket=";

/// One option of the table on a subcommand, and what it was given.
struct table_option {
  std::string name;
  CLI::Option* option;
  bool is_switch;

  [[nodiscard]] std::vector<std::string> texts() const {
    auto all = option->results();
    if (is_switch) all = {all.back()};
    return all;
  }
};

template <class Options>
std::string help_of(const entry<Options>& e, const setting& where) {
  const auto value = e.default_text.empty() ? write_setting(where) : std::string{e.default_text};
  return fmt::format("{}{}", e.help, value.empty() || is_switch(where) ? "" : fmt::format(" [{}]", value));
}

/// An option that takes one text each time it is given; `list` lets it be given more than once.
CLI::Option* add_text(CLI::App& app, const std::string& name, const std::string& type, const std::string& help,
                      bool list) {
  auto* option = app.add_option(name, CLI::callback_t{[](const CLI::results_t&) { return true; }}, help);
  option->type_name(type)->type_size(1)->expected(1)->allow_extra_args(false);
  if (list) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return option;
}

template <class Options>
table_option add(CLI::App& app, const entry<Options>& e) {
  Options untouched;
  const auto where = e.in(untouched);
  const auto name = fmt::format("--{}", e.name);
  auto* option = is_switch(where) ? app.add_flag(name)->description(help_of(e, where))
                                  : add_text(app, name, type_name(where), help_of(e, where), is_list(where));
  return {std::string{e.name}, option, is_switch(where)};
}

/// What serve and check take.
struct daemon_arguments {
  CLI::Option *config, *vm;
  std::vector<table_option> options;

  explicit daemon_arguments(CLI::App& app) {
    config = add_text(app, "--config", "path",
                      "TOML file with these options and with [[vm]] tables; the command line wins", false);
    vm = add_text(
        app, "--vm", "KEY=VALUE,...",
        "A VM, e.g. name=web01,qmp=/run/web01.sock,ticket-file=/etc/saffron/web01.ticket; its keys are those of "
        "[[vm]], see the README",
        true);
    for (const auto& e : option_table()) options.push_back(add(app, e));
  }

  [[nodiscard]] sources get() const {
    sources from;
    if (config->count() > 0) from.config = config->results().front();
    for (const auto& o : options)
      if (o.option->count() > 0) from.command_line.push_back({o.name, o.texts()});
    if (vm->count() > 0) from.command_line.push_back({"vm", vm->results()});
    return from;
  }
};

/// What demo takes: the settings of its one VM without --vm, and the daemon's that are not about listeners.
struct demo_arguments {
  CLI::Option* unix_path;
  std::vector<table_option> vm_options_, options;

  explicit demo_arguments(CLI::App& app) {
    unix_path = add_text(app, "--unix", "path", "Listens on this unix socket, as --listen unix:PATH does", true);
    constexpr std::array not_ours{"name", "qmp", "demo", "ticket", "disable-ticketing"};
    for (const auto& e : vm_table())
      if (std::find(not_ours.begin(), not_ours.end(), e.name) == not_ours.end()) vm_options_.push_back(add(app, e));
    // What both have is its VM's.
    for (const auto& e : option_table())
      if (find(vm_table(), e.name) == nullptr) options.push_back(add(app, e));
  }

  [[nodiscard]] sources get() const {
    sources from;
    from.base.control_optional = true;
    from.base.print_viewer_command = true;
    std::string vm = "name=demo,demo";
    bool has_listener = false, has_ticket = false;
    const auto item = [&](std::string_view key, const std::string& text) {
      vm += fmt::format(",{}=", key);
      for (const char c : text) vm += c == ',' ? ",," : std::string(1, c);
      has_listener |= key == "port" || key == "tls-port" || key == "listen" || key == "tls-listen";
      has_ticket |= key == "ticket-file";
    };
    for (const auto& o : vm_options_)
      if (o.option->count() > 0)
        for (const auto& text : o.texts()) item(o.name, text);
    for (const auto& path : unix_path->results()) item("listen", "unix:" + path);
    if (!has_listener) item("port", "5930");
    if (!has_ticket) item("disable-ticketing", "true");
    for (const auto& o : options)
      if (o.option->count() > 0) from.command_line.push_back({o.name, o.texts()});
    from.command_line.push_back({"demo", {vm}});
    return from;
  }
};

std::variant<command, outcome> with_checked_settings(verb what, sources from) {
  options scratch;
  findings found;
  apply_command_line(from.command_line, scratch, found);
  if (found.problems.empty()) return command{what, std::move(from), {}, false};
  outcome mistake{exit_usage, {}, {}};
  for (const auto& p : found.problems) mistake.err += fmt::format("saffron: {}\n", p);
  return mistake;
}

/// CLI11 lists what it does not know in any order and suggests nothing.
outcome unknown_arguments(const CLI::App& app) {
  outcome mistake{exit_usage, {}, {}};
  const auto* sub = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
  std::vector<std::string> known;
  for (const auto* option : sub->get_options())
    for (const auto& name : option->get_lnames()) known.push_back(name);
  for (const auto& argument : sub->remaining()) {
    if (!argument.starts_with("--")) {
      mistake.err += fmt::format("saffron: {}: not expected\n", argument.substr(0, argument.find('=')));
      continue;
    }
    const auto name = argument.substr(2, argument.find('=') - 2);
    const auto nearest = nearest_name(name, {known.begin(), known.end()});
    mistake.err += fmt::format("saffron: --{}: unknown{}\n", name,
                               nearest.empty() ? "" : fmt::format(", did you mean --{}?", nearest));
  }
  return mistake;
}

void overwrite_ticket(char* text) {
  // The same walk as split_vm's: items end at a comma that is not doubled.
  for (char* item = text; *item != '\0';) {
    char* end = item;
    while (*end != '\0' && (*end != ',' || end[1] == ',')) end += *end == ',' ? 2 : 1;
    if (std::string_view{item, end}.starts_with(ticket_key)) std::fill(item + ticket_key.size(), end, '*');
    item = *end == '\0' ? end : end + 1;
  }
}

} // namespace

std::variant<command, outcome> parse(const std::vector<std::string>& arguments) {
  CLI::App app{"Saffron shows virtual machines to SPICE clients.", "saffron"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "saffron " SAFFRON_VERSION);

  auto* demo = app.add_subcommand("demo", "Serve a picture made in the process, for a first look");
  auto* serve = app.add_subcommand("serve", "Serve VMs");
  auto* check = app.add_subcommand("check", "Say what is wrong with the options of serve, and serve nothing");
  auto* status = app.add_subcommand("status", "Say what a running saffron serves to whom");
  auto* version = app.add_subcommand("version", "Print the version");
  auto* table = app.add_subcommand("options", "Print the table of all options")->group("");
  const demo_arguments demo_given{*demo};
  const daemon_arguments serve_given{*serve}, check_given{*check};
  command status_command{verb::status, {}, {}, false};
  status->add_flag("--json", status_command.json, "JSON instead of a table");
  auto* control = add_text(*status, "--control", "path", "Control socket of the process to ask", false);
  table->add_flag("--markdown")->description("As the README shows it");

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ExtrasError&) {
    return unknown_arguments(app);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out, err;
    const int code = app.exit(e, out, err);
    return outcome{code == 0 ? exit_well : exit_usage, out.str(), err.str()};
  }
  if (demo->parsed()) return with_checked_settings(verb::demo, demo_given.get());
  if (serve->parsed()) return with_checked_settings(verb::serve, serve_given.get());
  if (check->parsed()) return with_checked_settings(verb::check, check_given.get());
  if (version->parsed()) return command{verb::version, {}, {}, false};
  if (table->parsed()) return command{verb::options_table, {}, {}, false};
  status_command.control =
      control->count() > 0 ? std::filesystem::path{control->results().front()} : default_control_path();
  return status_command;
}

std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> all(argv + std::min(argc, 1), argv + argc);
  constexpr std::string_view joined = "--vm=";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view{argv[i]}.starts_with(joined))
      overwrite_ticket(argv[i] + joined.size());
    else if (std::strcmp(argv[i - 1], "--vm") == 0)
      overwrite_ticket(argv[i]);
  }
  return all;
}

} // namespace saffron::host
