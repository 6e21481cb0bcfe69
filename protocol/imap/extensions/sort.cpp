#include "protocol/imap/extensions/sort.h"

#include <fmt/format.h>

#include "protocol/imap/extensions/condstore.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

struct Key {
  std::string_view name;
  SortBy by;
  Extension extension;
};
constexpr Key keys[] = {{"ARRIVAL", SortBy::arrival, Extension::sort},
                        {"CC", SortBy::cc, Extension::sort},
                        {"DATE", SortBy::date, Extension::sort},
                        {"FROM", SortBy::from, Extension::sort},
                        {"SIZE", SortBy::size, Extension::sort},
                        {"SUBJECT", SortBy::subject, Extension::sort},
                        {"TO", SortBy::to, Extension::sort},
                        {"DISPLAYFROM", SortBy::display_from, Extension::sort_display},
                        {"DISPLAYTO", SortBy::display_to, Extension::sort_display}};

constexpr std::size_t longest_chain = 1000;  // each message of it lies within the one before

// What follows "(": one list, with what is in it.
ThreadNode thread_list(Reader& r, Role number) {
  ThreadNode node;
  if (!r.enter()) return node;
  if (is_digit(r.peek())) {  // thread-members
    node.number = r.nz_number(number);
    // A chain is as deep as it is long; it is read without going down with it.
    std::vector<std::uint32_t> chain;
    while (r.peek() == ' ' && is_digit(r.peek(1))) {
      if (chain.size() == longest_chain) r.fail(Fault::too_many, "thread-members");
      r.space();
      chain.push_back(r.nz_number(number));
    }
    std::vector<ThreadNode> answers;
    if (r.take(' ')) {
      while (r.room_for(answers.size()) && r.take_open()) answers.push_back(thread_list(r, number));
      if (answers.size() < 2) r.wanted("thread-nested");
    }
    for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
      ThreadNode link;
      link.number = *at;
      link.answers = std::move(answers);
      answers.clear();
      answers.push_back(std::move(link));
    }
    node.answers = std::move(answers);
  } else {  // thread-nested
    while (r.room_for(node.answers.size()) && r.take_open()) node.answers.push_back(thread_list(r, number));
    if (node.answers.empty()) r.wanted("thread-list");
  }
  r.close();
  r.leave();
  return node;
}

void write_list(std::string& out, const ThreadNode& thread) {
  if (thread.number == 0 && thread.answers.size() == 1) return write_list(out, thread.answers.front());
  out += '(';
  const ThreadNode* node = &thread;
  if (node->number != 0) fmt::format_to(std::back_inserter(out), "{}", node->number);
  while (node->answers.size() == 1) {
    node = &node->answers.front();
    fmt::format_to(std::back_inserter(out), " {}", node->number);
  }
  if (!node->answers.empty() && node->number != 0) out += ' ';
  for (const ThreadNode& answer : node->answers) write_list(out, answer);
  out += ')';
}

}  // namespace

std::vector<SortCriterion> parse_sort_criteria(Reader& r) {
  std::vector<SortCriterion> criteria;
  r.open();
  do {
    if (!r.room_for(criteria.size())) break;
    SortCriterion criterion;
    std::size_t begin = r.position();
    std::string_view name = r.atom(Role::imap_sort_key, "sort-key");
    if (equal_ignoring_case(name, "REVERSE")) {
      criterion.reverse = true;
      r.space();
      begin = r.position();
      name = r.atom(Role::imap_sort_key, "sort-key");
    }
    const Key* found = nullptr;
    for (const Key& key : keys)
      if (equal_ignoring_case(key.name, name) && r.has(key.extension)) found = &key;
    if (found) criterion.by = found->by;
    else r.fail(Fault::syntax, begin, "sort-key");
    criteria.push_back(criterion);
  } while (r.take(' '));
  r.close();
  return criteria;
}

void write(std::string& out, const std::vector<SortCriterion>& criteria) {
  out += '(';
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    if (i > 0) out += ' ';
    if (criteria[i].reverse) out += "REVERSE ";
    for (const Key& key : keys)
      if (key.by == criteria[i].by) out += key.name;
  }
  out += ')';
}

std::string_view name_of(ThreadAlgorithm algorithm) {
  return algorithm == ThreadAlgorithm::references ? "REFERENCES" : "ORDEREDSUBJECT";
}

ThreadAlgorithm parse_thread_algorithm(Reader& r) {
  const std::size_t begin = r.position();
  const std::string_view name = r.atom(Role::imap_algorithm, "thread-alg");
  if (equal_ignoring_case(name, "REFERENCES") && r.has(Extension::thread_references)) return ThreadAlgorithm::references;
  if (!equal_ignoring_case(name, "ORDEREDSUBJECT")) r.fail(Fault::syntax, begin, "thread-alg");
  return ThreadAlgorithm::ordered_subject;
}

SortData parse_sort_data(Reader& r, bool uids) {
  SortData data;
  while (r.take(' ')) {
    if (r.done() || !r.room_for(data.numbers.size())) break;
    if (r.peek() == '(') {
      data.modseq = parse_found_mod_sequence(r);
      break;
    }
    data.numbers.push_back(r.nz_number(uids ? Role::imap_uid : Role::imap_sequence_number));
  }
  return data;
}

void write(std::string& out, const SortData& data) {
  out += "* SORT";
  for (const std::uint32_t number : data.numbers) fmt::format_to(std::back_inserter(out), " {}", number);
  if (data.modseq) write_found_mod_sequence(out, *data.modseq);
  out += "\r\n";
}

ThreadData parse_thread_data(Reader& r, bool uids) {
  ThreadData data;
  if (!r.take(' ') || r.done()) return data;
  while (r.room_for(data.threads.size()) && r.take_open())
    data.threads.push_back(thread_list(r, uids ? Role::imap_uid : Role::imap_sequence_number));
  return data;
}

void write(std::string& out, const ThreadData& data) {
  out += "* THREAD";
  if (!data.threads.empty()) out += ' ';
  for (const ThreadNode& thread : data.threads) write_list(out, thread);
  out += "\r\n";
}

}  // namespace glasspost::imap
