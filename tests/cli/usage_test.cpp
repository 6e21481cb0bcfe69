// Statuses, help, errors: what scripts and people rely on.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/cli/process.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Usage, HelpIsInBothLanguagesWithExamples) {
  for (const std::string command : {"", "open", "play", "explain"}) {
    std::vector<std::string> words{"--help"};
    if (!command.empty()) words.insert(words.begin(), command);
    const Ran english = glasspost(words);
    EXPECT_EQ(english.status, 0);
    EXPECT_THAT(english.err, IsEmpty());
    EXPECT_THAT(english.out, HasSubstr("Usage: glasspost"));
    EXPECT_THAT(english.out, HasSubstr("Examples\n  glasspost"));
    EXPECT_THAT(english.out, Not(HasSubstr("cli."))) << "a key that has no words";
    words.insert(words.begin(), {"--lang", "es"});
    const Ran spanish = glasspost(words);
    EXPECT_EQ(spanish.status, 0);
    EXPECT_THAT(spanish.out, HasSubstr("Uso: glasspost"));
    EXPECT_THAT(spanish.out, HasSubstr("Ejemplos\n  glasspost"));
    EXPECT_THAT(spanish.out, Not(HasSubstr("cli.")));
  }
}

TEST(Usage, TheLanguageComesFromTheEnvironmentUnlessItIsNamed) {
  EXPECT_THAT(glasspost({"--help"}, {}, {{"LC_ALL", "es_MX.UTF-8"}}).out, HasSubstr("Uso:"));
  EXPECT_THAT(glasspost({"--help"}, {}, {{"LC_ALL", ""}, {"LANG", "es_ES.UTF-8"}}).out, HasSubstr("Uso:"));
  EXPECT_THAT(glasspost({"--help", "--lang=en"}, {}, {{"LC_ALL", "es_ES.UTF-8"}}).out, HasSubstr("Usage:"));
  EXPECT_THAT(glasspost({"play", "--help", "--lang", "es"}).out, HasSubstr("Uso:"));
}

TEST(Usage, Version) {
  const Ran ran = glasspost({"--version"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, testing::MatchesRegex("glasspost [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

struct Wrong {
  std::vector<std::string> words;
  std::string says;
};
class WrongUsage : public testing::TestWithParam<Wrong> {};

TEST_P(WrongUsage, IsStatusTwoAndASentenceOnStandardError) {
  const Ran ran = glasspost(GetParam().words);
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_EQ(ran.err, "glasspost: " + GetParam().says + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Words, WrongUsage,
    testing::Values(
        Wrong{{"plaz"}, "“plaz” is not a command. Try: glasspost --help"},
        Wrong{{"--colour"}, "“--colour” is not an option of glasspost. Try: glasspost --help"},
        Wrong{{"play", "--foo"}, "“--foo” is not an option of glasspost play. Try: glasspost play --help"},
        Wrong{{"play", "--foo", "--lang", "es"}, "«--foo» no es una opción de glasspost play. Ayuda: glasspost play --help"},
        Wrong{{"play", "a", "b"}, "“b” is one word too many for glasspost play. Try: glasspost play --help"},
        Wrong{{"play", "--seed"}, "--seed needs a value."},
        Wrong{{"play", "--seed", "-1"}, "--seed can’t be “-1”: expected a whole number."},
        Wrong{{"play", "--seed", "18446744073709551616"}, "--seed can’t be “18446744073709551616”: expected a whole number."},
        Wrong{{"play", "--until", "3x"}, "“3x” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"play", "--until", "nan"}, "“nan” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"play", "--until", "1e300h"}, "“1e300h” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"--lang", "fr", "play"}, "--lang can’t be “fr”: expected en, es."},
        Wrong{{"open"}, "glasspost open needs FILE. Try: glasspost open --help"},
        Wrong{{"explain", "--protocol", "http"}, "--protocol can’t be “http”: expected smtp, lmtp, imap, pop3."},
        Wrong{{"explain", "--side", "left"}, "--side can’t be “left”: expected client, server."},
        Wrong{{"serve"}, "No user was named, so nobody can log in. Use --user NAME:PASSWORD, --users FILE or --any-user-password PASSWORD."},
        Wrong{{"serve", "--user", "bob"}, "--user wants NAME:PASSWORD."},
        Wrong{{"serve", "--user", "bob:x", "--user", "Bob@example.test:y"}, "The user “Bob@example.test” can’t be: it is named twice"},
        Wrong{{"serve", "--user", "bob:x", "--user", "bob:y", "--lang", "es"}, "El usuario «bob» no puede ser: se nombra dos veces"},
        Wrong{{"serve", "--user", "bob:x", "--listen", "here"}, "--listen can’t be “here”: expected an address, as 127.0.0.1 or ::1."},
        Wrong{{"serve", "--user", "bob:x", "--domain", "a b"}, "--domain can’t be “a b”: expected a domain, as example.test."},
        Wrong{{"serve", "--user", "bob:x", "--domain", ""}, "--domain can’t be “”: expected a domain, as example.test."},
        Wrong{{"serve", "--user", "bob:x", "--tls-cert", "a"}, "--tls-cert needs --tls-key beside it."},
        Wrong{{"serve", "--user", "bob:x", "--tls-cert", "a", "--lang", "es"}, "--tls-cert necesita además --tls-key."},
        Wrong{{"serve", "--user", "bob:x", "--smtp", "65536"}, "--smtp can’t be “65536”: expected 0-65535."},
        Wrong{{"connect", "imap://127.0.0.1", "--read-only", "--read-write"}, "--read-only and --read-write can’t be said together."},
        Wrong{{"connect", "imap://127.0.0.1", "--read-only", "--read-write", "--lang", "es"}, "--read-only y --read-write no pueden ir juntas."}));

TEST(Usage, AWrongFormIsStatusTwo) {
  const Ran ran = glasspost({"play", "--to", "pdf"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("--to can’t be “pdf”: expected text, json"));
}

TEST(Usage, ACapabilityThatIsNoneIsStatusTwoAndNamesThoseThereAre) {
  const Ran ran = glasspost({"serve", "--user", "bob:x", "--capabilities=-MOVE,-XYZZY"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("“XYZZY” is no capability that can be chosen. There are IMAP4rev2, LITERAL+, LITERAL-, SASL-IR, ID, IDLE, "));
  EXPECT_THAT(glasspost({"--lang", "es", "serve", "--user", "bob:x", "--capabilities=XYZZY"}).err,
              HasSubstr("«XYZZY» no es una capacidad que se pueda elegir. Existen IMAP4rev2, LITERAL+, "));
}

TEST(Usage, OpeningWithoutADisplaySaysHowToGoOn) {
  const Ran ran = glasspost({"open", "first-letter"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("There is no display here."));
}

TEST(Usage, AScenarioThatDoesNotExistIsStatusOne) {
  const Ran ran = glasspost({"play", "second-letter"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("There is no scenario called “second-letter”. Known: "));
  EXPECT_THAT(ran.err, HasSubstr("first-letter"));
}

TEST(Usage, ABrokenScenarioNamesFileLineAndColumn) {
  const Scratch scratch;
  const std::string file = scratch.write("broken.yaml", "title: {en: A, es: B}\nhosts: 12\n");
  const Ran ran = glasspost({"play", file});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("broken.yaml:"));
  EXPECT_THAT(ran.err, testing::ContainsRegex("broken\\.yaml:[0-9]+:[0-9]+: ."));
}

TEST(Usage, ABrokenServerIsNamedRightAndRelaysNothing) {
  for (const char* name : {"left-handed", "open-relay"}) {
    const Ran ran = glasspost({"serve", "--user", "bob:secret", "--broken", name});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("There is no broken server called “" + std::string(name) + "”. Known: bare-lf-ends, bare-lf-passes, early-354, starttls-injection, "));
  }
}

TEST(Usage, WhatCannotBeWrittenOrReadIsSaidAndStatusOne) {
  const Scratch scratch;
  const Ran nowhere = glasspost({"play", "-o", scratch.path("no/such/place.txt")});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("Can’t write " + scratch.path("no/such/place.txt") + ": No such file or directory"));
  const Ran unreadable = glasspost({"explain", scratch.path("nothing.txt")});
  EXPECT_EQ(unreadable.status, 1);
  EXPECT_THAT(unreadable.err, HasSubstr("Can’t read " + scratch.path("nothing.txt") + ": No such file or directory"));
  const Ran directory = glasspost({"explain", scratch.path("")});
  EXPECT_EQ(directory.status, 1);
  EXPECT_THAT(directory.err, HasSubstr("Is a directory"));
}

// What the kernel says is said in the language that was asked for.
TEST(Usage, ReasonsAreInBothLanguages) {
  const Scratch scratch;
  const std::string nothing = scratch.path("nothing");
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"explain", nothing}, "No se puede leer " + nothing + ": no existe ese archivo o directorio"},
      {{"play", nothing + ".yaml"}, "No se puede leer " + nothing + ".yaml: no existe ese archivo o directorio"},
      {{"play", scratch.write("empty.yaml", "")}, "No se puede leer " + scratch.path("empty.yaml") + ": el archivo está vacío"},
      {{"play", scratch.path("")}, "no contiene ni un escenario ni una lección"},
      {{"serve", "--users", nothing}, "no existe ese archivo o directorio"},
      {{"serve", "--user", "a b:x"}, "un nombre son como mucho 64 caracteres de a-z, 0-9 y ._+-=~', solos o con @example.test"},
      {{"serve", "--user", "bob:x", "--smtp", "0", "--maildir", scratch.write("file", "x")}, "no se puede crear " + scratch.path("file") + ": una parte del camino no es un directorio"},
      {{"serve", "--user", "bob:x", "--listen", "192.0.2.1", "--smtp", "0"}, "esa dirección no es de este ordenador. --listen quiere una dirección de este ordenador"},
      {{"connect", "imap://ann@127.0.0.1:1", "--password-file", nothing}, "no se puede leer " + nothing + ": no existe ese archivo o directorio"},
      {{"connect", "imap://ann@127.0.0.1:1", "--password-file", "/dev/null"}, "la primera línea está vacía"},
      {{"connect", "imap://ann@127.0.0.1:1", "--password-command", "exit 3"}, "la orden terminó con el código 3"},
      {{"connect", "imap://127.0.0.1:1", "--cafile", scratch.path("file")}, scratch.path("file") + ", no se pueden usar: entre las de confianza no hay"},
      {{"connect", "smtp://127.0.0.1:1"}, "conexión rechazada"}};
  for (auto [words, says] : wrong) {
    words.insert(words.end(), {"--lang", "es"});
    const Ran ran = glasspost(words);
    EXPECT_EQ(ran.status, 1) << says;
    EXPECT_THAT(ran.err, HasSubstr(says));
  }
}

TEST(Usage, APortThatIsTakenIsOneLineWithWhatToDo) {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  ::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const Ran ran = glasspost({"serve", "--user", "bob:x", "--imap", port});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.err, "glasspost: imap can’t listen on 127.0.0.1:" + port + ": Address already in use. Another program has it: choose another port with --imap PORT, 0 for any that is free.\n");
  ::close(taken);
}

// A program that is started without standard error must not write its complaints into the next file that it opens.
TEST(Usage, StandardFilesThatAreClosedStayClosed) {
  const Scratch scratch;
  const std::string program = GLASSPOST_BINARY, out = scratch.path("out");
  EXPECT_EQ(run("sh", {"-c", program + " play nowhere 2>&-"}).status, 1);
  EXPECT_EQ(run("sh", {"-c", program + " play nowhere 2>/dev/full"}).status, 1);
  const Ran closed = run("sh", {"-c", program + " play >&-"});
  EXPECT_EQ(closed.status, 1);
  EXPECT_THAT(closed.err, HasSubstr("Can’t write standard output: "));
  const Ran deaf = run("sh", {"-c", program + " explain <&-"});
  EXPECT_EQ(deaf.status, 1);
  EXPECT_THAT(deaf.err, HasSubstr("Can’t read standard input: "));
  const Ran both = run("sh", {"-c", program + " serve --user bob:x --smtp 0 --listen 127.0.0.1 --ready-file " + out + " >&- 2>&-"});
  EXPECT_EQ(both.status, 1);
  EXPECT_THAT(read_file(out), testing::StartsWith("{\"pid\":")) << "and nothing else is in it";
  EXPECT_THAT(read_file(out), testing::EndsWith("}\n"));
}

TEST(Usage, WhatATerminalWouldActUponIsNotPassedOn) {
  const Ran ran = glasspost({"play", "\x1b[2Jx\xff"});
  EXPECT_THAT(ran.err, HasSubstr("“\\x1b[2Jx\\xff”"));
}

TEST(Usage, FullDevicesAreNoticed) {
  const Ran ran = run("sh", {"-c", std::string(GLASSPOST_BINARY) + " play > /dev/full"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("Can’t write standard output: No space left on device"));
}

TEST(Usage, AReaderThatHasSeenEnoughIsNoError) {
  const Ran ran = run("sh", {"-c", std::string(GLASSPOST_BINARY) + " play --to json | head -c 1"});
  EXPECT_EQ(ran.out, "{");
  EXPECT_THAT(ran.err, IsEmpty());
}

}  // namespace
}  // namespace glasspost::test
