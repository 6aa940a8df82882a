// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/commands.hpp"

#include "actors/host/control_client.hpp"
#include "actors/host/daemon.hpp"
#include "actors/host/rules.hpp"
#include "actors/host/status.hpp"
#include "messages/log.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace saffron::host {

namespace {

std::string lines(std::string_view prefix, const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += fmt::format("{}{}\n", prefix, text);
  return all;
}

outcome answer_check(const sources& from) {
  const auto all = load_and_check(from);
  const auto warnings = lines("warning: ", all.found.warnings);
  if (!all.found.problems.empty()) return {exit_problem, lines("", all.found.problems), warnings};
  return {exit_well, summary(all.value) + "\n", warnings};
}

outcome answer_status(const command& asked) {
  const auto reply = ask_control(asked.control, "status");
  if (!reply) return {exit_problem, {}, fmt::format("saffron: {}\n", reply.error())};
  if (asked.json) return {exit_well, *reply, {}};
  const auto report = status_from_json(*reply);
  if (!report) return {exit_problem, {}, fmt::format("saffron: {} gave no status\n", asked.control.string())};
  return {exit_well, status_text(*report), {}};
}

int run_with_options(const sources& from, const actors::extensions& added) {
  const auto all = load_and_check(from);
  if (!all.found.problems.empty()) {
    std::fputs(lines("saffron: ", all.found.problems).c_str(), stderr);
    return exit_problem;
  }
  log::configure(all.value.log_level, all.value.log_style);
  for (const auto& w : all.found.warnings) log::warning("{}", w);
  return run_daemon(
      all.value, [from] { return load_and_check(from); }, added);
}

} // namespace

loaded load_and_check(const sources& from) {
  auto all = load(from);
  if (!all.found.problems.empty()) return all; // rules would only list what follows from them
  auto found = check(all.value, look_at_file);
  all.found.problems = std::move(found.problems);
  all.found.warnings.insert(all.found.warnings.end(), found.warnings.begin(), found.warnings.end());
  return all;
}

outcome answer(const command& asked) {
  switch (asked.what) {
  case verb::check: return answer_check(asked.from);
  case verb::status: return answer_status(asked);
  case verb::version: return {exit_well, "saffron " SAFFRON_VERSION "\n", {}};
  case verb::options_table: return {exit_well, options_markdown(), {}};
  case verb::demo:
  case verb::serve: break;
  }
  return {exit_usage, {}, {}};
}

int run(const std::variant<command, outcome>& parsed, const actors::extensions& added) {
  const auto* asked = std::get_if<command>(&parsed);
  if (asked && (asked->what == verb::demo || asked->what == verb::serve)) return run_with_options(asked->from, added);
  const auto end = asked ? answer(*asked) : std::get<outcome>(parsed);
  std::fputs(end.out.c_str(), stdout);
  std::fputs(end.err.c_str(), stderr);
  return end.code;
}

} // namespace saffron::host
