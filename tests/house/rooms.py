#!/usr/bin/env python3
"""Who may include whom: app -> lessons -> sim -> protocol, never back, and each tool in its own room only.

rooms.py SOURCE_DIR     prints every include that breaks a rule, and ends with 1 if there is one
rooms.py --self-test    shows each rule a line that breaks it
"""
import pathlib
import re
import sys

ROOMS = ["protocol", "sim", "lessons", "app"]  # each may include itself and those before it

# What is allowed in some places only: a pattern of the include or of the code, and the folders that may have it.
INCLUDES = [
    (r"boost/|asio", ["app/net/"], "Asio"),
    (r"imgui|GLFW/|GL/|ft2build|freetype|fontconfig", ["app/ui/"], "the window's libraries"),
    (r"openssl/", ["protocol/tls/", "protocol/sasl/", "app/"], "OpenSSL"),
    (r"zlib\.h", ["protocol/base/"], "zlib"),
    (r"utf8proc", ["sim/store/"], "utf8proc"),
    (r"yaml-cpp/", ["sim/", "lessons/", "app/"], "yaml-cpp"),
    (r"nlohmann/", ["app/"], "JSON"),
    (r"(sys/socket|sys/select|sys/epoll|netinet/\w+|arpa/inet|netdb|poll|unistd)\.h$", ["app/"], "sockets and the system"),
    (r"(thread|mutex|shared_mutex|future|condition_variable|semaphore|latch|barrier|stop_token)$", ["app/"], "threads"),
    (r"random$", ["app/"], "random devices"),
    (r"(filesystem|fstream)$", ["sim/", "lessons/", "app/"], "files"),
    (r"app/ui/", ["app/ui/", "app/main.cpp", "app/export/png.cpp"], "the window"),
]
CODE = [
    (r"(system|steady|high_resolution|utc|file)_clock::now", ["app/"], "the wall clock"),
    (r"\b(std::time|gettimeofday|clock_gettime|time)\s*\(\s*(nullptr|NULL|0)\s*\)|\bgettimeofday\s*\(|\bclock_gettime\s*\(",
     ["app/"], "the wall clock"),
    (r"random_device|getrandom\s*\(|/dev/u?random|\bs?rand\s*\(", ["app/"], "a random device"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def faults_of(path, text):
    """The sentences about one file; `path` is relative to the source folder."""
    room = path.split("/")[0]
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}: "
        if found := INCLUDE.match(line):
            quoted, name = found.group(1) == '"', found.group(2)
            target = name.split("/")[0]
            if quoted and target not in ROOMS:
                yield where + f"{name} is not named from the source folder on, as protocol/..., sim/..."
            elif quoted and ROOMS.index(target) > ROOMS.index(room):
                yield where + f"{room} includes {name}: upwards"
            for pattern, allowed, what in INCLUDES:
                if re.match(pattern, name) and not path.startswith(tuple(allowed)):
                    yield where + f"{name}: {what} may only be in {', '.join(allowed)}"
        else:
            code = line.split("//")[0]
            for pattern, allowed, what in CODE:
                if re.search(pattern, code) and not path.startswith(tuple(allowed)):
                    yield where + f"{what} may only be in {', '.join(allowed)}"


def self_test():
    broken = {
        "protocol/a.cpp": ['#include "sim/world.h"', '#include "token.h"', "#include <boost/asio.hpp>", "#include <imgui.h>",
                           "#include <yaml-cpp/yaml.h>", "#include <utf8proc.h>", "#include <zlib.h>", "#include <thread>", "#include <random>", "#include <fstream>",
                           "#include <sys/socket.h>", "#include <openssl/ssl.h>", "auto t = std::chrono::system_clock::now();",
                           "std::time(nullptr);", "std::random_device seed;", "#  include  <mutex>"],
        "sim/a.cpp": ['#include "lessons/lesson.h"', '#include "app/model/model.h"', "#include <nlohmann/json.hpp>"],
        "app/cli/a.cpp": ["#include <boost/asio.hpp>", "#include <imgui.h>", '#include "app/ui/ui.h"'],
    }
    sound = {
        "protocol/tls/a.cpp": ["#include <openssl/ssl.h>", '#include "protocol/token.h"', "#include <string>", "// system_clock::now"],
        "sim/a.cpp": ['#include "protocol/token.h"', "#include <yaml-cpp/yaml.h>", "at_time(0);"],
        "app/net/a.cpp": ["#include <boost/asio.hpp>", '#include "sim/peer.h"', "#include <thread>"],
    }
    wrong = [f"passed over: {path}: {line}" for path, lines in broken.items() for line in lines if not list(faults_of(path, line))]
    wrong += [fault for path, lines in sound.items() for line in lines for fault in faults_of(path, line)]
    return wrong


def scan(source):
    files = [file for room in ROOMS for kind in ("*.h", "*.cpp") for file in sorted((source / room).rglob(kind))]
    if len(files) < 100:
        return [f"{source}: only {len(files)} files were found; is this the source folder?"]
    return [fault for file in files for fault in faults_of(str(file.relative_to(source)), file.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    faults = self_test() if sys.argv[1] == "--self-test" else scan(pathlib.Path(sys.argv[1]))
    print("\n".join(faults))
    sys.exit(1 if faults else 0)
