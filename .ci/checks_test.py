#!/usr/bin/env python3
"""A check that cannot fail checks nothing: each rule meets a text that breaks it."""
import unittest

import check_layers
import check_sizes
import check_text
import check_tidy
import fuzz
import tree


def layers(**texts):
    """The problems of files given as folder__file='text'."""
    named = {path.replace("__", "/") + ".hpp": text for path, text in texts.items()}
    return list(check_layers.problems_of(named))


class Layers(unittest.TestCase):
    def test_a_floor_includes_the_floors_below(self):
        self.assertEqual(layers(messages__a="", transport__b='#include "messages/a.hpp"',
                                actors__c='#include "transport/b.hpp"\n#include <caf/all.hpp>'), [])

    def test_no_arrow_goes_up(self):
        for upper in ("transport", "devices", "actors"):
            self.assertIn("may not include", layers(**{f"{upper}__a": "", "messages__b": f'#include "{upper}/a.hpp"'})[0])

    def test_only_a_host_and_tests_know_the_sources_and_the_host(self):
        include = '#include "devices/demo/x.hpp"'
        self.assertEqual(len(layers(devices__demo__x="", actors__a=include, devices__b=include)), 2)
        self.assertEqual(layers(devices__demo__x="", devices__demo__y=include, actors__host__a=include, tests__b=include), [])
        self.assertEqual(len(layers(actors__host__x="", actors__a='#include "actors/host/x.hpp"')), 1)

    def test_the_wire_does_without_caf_even_indirectly(self):
        found = layers(messages__a="#include <caf/all.hpp>", messages__wire__b='#include "messages/a.hpp"')
        self.assertEqual(found, ["messages/wire/b.hpp: messages/wire/ does without CAF, but: "
                                 "messages/wire/b.hpp -> messages/a.hpp -> caf/all.hpp"])

    def test_messages_know_few_libraries(self):
        self.assertEqual(layers(messages__a="#include <vector>\n#include <sys/uio.h>\n#include <lz4.h>\n#include <fmt/core.h>"), [])
        self.assertEqual(len(layers(messages__a="#include <asio.hpp>\n#include <pixman.h>\n#include <openssl/ssl.h>")), 3)

    def test_only_the_module_knows_libavcodec_and_nobody_includes_the_module(self):
        include = "#include <libavcodec/avcodec.h>"
        self.assertEqual(layers(messages__image__a="", messages__image__avcodec__b=include + '\n#include "messages/image/a.hpp"'), [])
        self.assertEqual(len(layers(messages__image__avcodec__b="", messages__image__a=include + '\n#include "messages/image/avcodec/b.hpp"')), 2)
        self.assertEqual(len(layers(messages__image__avcodec__b="#include <turbojpeg.h>\n#include <caf/all.hpp>")), 3)

    def test_includes_are_written_from_the_root(self):
        self.assertEqual(len(layers(transport__a='#include "b.hpp"', transport__b="#include <transport/a.hpp>")), 2)

    def test_actors_neither_wait_nor_read_the_environment(self):
        self.assertEqual(len(layers(actors__a="std::mutex m;\nstd::this_thread::sleep_for(1s);\ngetenv(x);\nusleep(3);")), 4)
        self.assertEqual(layers(actors__a='// no std::mutex\n/* getenv */ auto s = R"(usleep(1))"; auto t = "getenv";'), [])
        self.assertEqual(layers(transport__a="std::mutex m;"), [])
        self.assertEqual(len(layers(transport__a="getenv(x);")), 1)


class Text(unittest.TestCase):
    GOOD = "// SPDX-License-Identifier: BSD-3-Clause\nint a;\n"

    def problems(self, text, path="messages/a.hpp"):
        return list(check_text.problems_of(path, text))

    def test_good_text_passes(self):
        self.assertEqual(self.problems(self.GOOD + f"// TO{'DO'} #12: later\n"), [])

    def test_each_rule_has_teeth(self):
        for bad in ("int a;\n", self.GOOD + "int b;", self.GOOD + "int b; \n", self.GOOD + "\tint b;\n",
                    self.GOOD + "int b;\r\n", self.GOOD + f"// FIX{'ME'}: later\n"):
            self.assertEqual(len(self.problems(bad)), 1, bad)
        self.assertEqual(len(self.problems(self.GOOD, "messages/CamelCase.hpp")), 1)


class Sizes(unittest.TestCase):
    def test_a_long_file_needs_a_reason_and_a_short_one_must_not_have_it(self):
        reasons = check_sizes.reasons_of("# comment\nlong.cpp: a table\nshort.cpp: was long\n")
        self.assertEqual(list(check_sizes.problems_of({"long.cpp": 900}, {"long.cpp": "a table"})), [])
        self.assertEqual(len(list(check_sizes.problems_of({"long.cpp": 900, "short.cpp": 9, "new.cpp": 601}, reasons))), 2)


class Tidy(unittest.TestCase):
    def test_a_header_is_looked_at_only_where_its_source_is_not(self):
        entries = dict.fromkeys(("actors/a.hpp", "actors/a.cpp", "actors/b.hpp", "tests/c.cpp"), {})
        self.assertEqual(check_tidy.worth_a_look(set(entries), entries), ["actors/a.cpp", "actors/b.hpp"])

    def test_what_is_known_depends_on_what_a_file_includes(self):
        entry = {"command": "c++"}
        texts = {"messages/a.hpp": "int a;", "messages/b.cpp": '#include "messages/a.hpp"'}
        before = check_tidy.key_of("messages/b.cpp", entry, texts)
        self.assertNotEqual(before, check_tidy.key_of("messages/b.cpp", entry, {**texts, "messages/a.hpp": "int b;"}))

    def test_clang_does_not_see_the_precompiled_header(self):
        self.assertEqual(check_tidy.GCC_PCH.sub("", "c++ -g -fpch-preprocess -Winvalid-pch -include /b/cmake_pch.hxx -c a.cpp"),
                         "c++ -g -c a.cpp")


class Fuzz(unittest.TestCase):
    def test_a_summary_tells_the_end_of_a_run(self):
        first = "#2 INITED cov: 5 ft: 6 corp: 1/1b\nstat::number_of_executed_units: 9\nstat::peak_rss_mb: 50\n"
        second = "#9 DONE cov: 12 ft: 30 corp: 7/40b\nstat::number_of_executed_units: 11\nstat::peak_rss_mb: 40\n"
        self.assertRegex(fuzz.summary("x_fuzz", 0, first + second, 4.0),
                         r"^x_fuzz +ok +4 s +20 runs +5/s +12 edges +7 inputs +50 MB")
        self.assertIn("CRASH", fuzz.summary("x_fuzz", 77, "", 0.0))


class Tree(unittest.TestCase):
    def test_code_keeps_its_lines(self):
        self.assertEqual(tree.code_of("a /* b\nc */ d // e\n1'000 'x'"), "a     \n     d     \n1'000    ")


if __name__ == "__main__":
    unittest.main(verbosity=0)
