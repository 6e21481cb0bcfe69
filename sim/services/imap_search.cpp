// SEARCH: RFC 3501 section 6.4.4, with what it is to return (RFC 4731, 5182, 9394).
#include "sim/store/search.h"

#include <algorithm>
#include <set>

#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers part_of(const Numbers& all, imap::PartialRange range) {
  const auto begin = all.begin() + std::ptrdiff_t(range.begin(all.size()));
  return {begin, begin + std::ptrdiff_t(range.size(all.size()))};
}

// "$" stands for UIDs, whichever kind of number the command names.
void put_saved(imap::SearchKey& key, const imap::SequenceSet& saved) {
  if (key.set.is_saved()) {
    key.kind = imap::SearchKind::uid;
    key.set = saved;
  }
  for (imap::SearchKey& inner : key.keys) put_saved(inner, saved);
}

// RFC 5182 section 2.4, RFC 9394 section 3.2: what "$" is from now on.
Numbers to_be_saved(const Numbers& found, const imap::SearchReturn& returns) {
  if (found.empty() || returns.all || returns.count || !returns.tells()) return found;
  std::set<std::uint32_t> some;
  if (returns.partial)
    for (const auto number : part_of(found, *returns.partial)) some.insert(number);
  if (returns.min) some.insert(found.front());
  if (returns.max) some.insert(found.back());
  return {some.begin(), some.end()};
}

// A thread is not deeper than deepest_thread.
void put_uids(std::vector<imap::ThreadNode>& threads, const View& view) {
  for (imap::ThreadNode& node : threads) {
    if (node.number != 0) node.number = view.uid(node.number);
    put_uids(node.answers, view);
  }
}

bool names(const imap::SearchKey& key, imap::SearchKind kind) {
  return key.kind == kind || std::any_of(key.keys.begin(), key.keys.end(), [kind](const auto& inner) { return names(inner, kind); });
}

}  // namespace

imap::SequenceSet ImapPeer::saved() const { return imap::SequenceSet::of(saved_); }

bool ImapPeer::begin_search(const std::string& charset, imap::SearchKey key, bool uid, std::optional<imap::SearchReturn> returns) {
  if (!charset.empty() && charset != "UTF-8" && charset != "US-ASCII") {
    if (returns && returns->save) saved_.clear();
    const std::string known[] = {"US-ASCII", "UTF-8"};
    no("Searches are made in these charsets", imap::Code::bad_charset(known));
    return false;
  }
  const bool names_numbers = names(key, imap::SearchKind::sequence), names_modseq = names(key, imap::SearchKind::modseq);
  put_saved(key, saved());
  searching_.emplace(*view_, std::move(key), now_);
  search_uid_ = uid;
  search_names_numbers_ = names_numbers;
  search_modseq_ = names_modseq;
  if (search_modseq_) become_aware();
  search_returns_ = std::move(returns);
  ordering_.reset();
  return true;
}

void ImapPeer::run(const imap::Search& wanted) {
  auto returns = wanted.returns;
  if (!returns && session_.rev2()) returns = imap::SearchReturn{.all = true};  // RFC 9051 section 7.3.4
  begin_search(wanted.charset, wanted.key, wanted.uid, std::move(returns));
}

void ImapPeer::run(const imap::Sort& wanted) {
  if (begin_search(wanted.charset, wanted.key, wanted.uid, std::nullopt)) ordering_ = wanted;
}

void ImapPeer::run(const imap::Thread& wanted) {
  if (begin_search(wanted.charset, wanted.key, wanted.uid, std::nullopt)) ordering_ = wanted;
}

void ImapPeer::continue_search() {
  const std::size_t portion = admission_.client_is_ours ? std::size_t(-1) : portion_of_search;
  if (sorting_ || threading_) {
    searched_enough_ = !continue_ordering();
    return;
  }
  searched_enough_ = !searching_->go_on(portion);
  if (searched_enough_) return;
  Numbers found = searching_->take_found();
  searching_.reset();
  if (ordering_) {
    if (auto* sort = std::get_if<imap::Sort>(&*ordering_)) sorting_.emplace(*view_, std::move(found), sort->criteria);
    else threading_.emplace(*view_, std::move(found), std::get<imap::Thread>(*ordering_).algorithm);
    return;
  }
  if (search_returns_ && search_returns_->save) {
    saved_.clear();
    for (const auto number : to_be_saved(found, *search_returns_)) saved_.push_back(view_->uid(number));
  }
  const imap::ModSeq modseq = search_modseq_ ? greatest_modseq(found) : 0;
  if (search_uid_)
    for (auto& number : found) number = view_->uid(number);
  if (!search_returns_) session_.write().search(found, modseq);
  else if (search_returns_->tells()) tell_found(found, *search_returns_, modseq);
  ok("SEARCH completed");
}

// True: it is done, and told.
bool ImapPeer::continue_ordering() {
  const std::size_t portion = admission_.client_is_ours ? std::size_t(-1) : portion_of_search;
  if (sorting_) {
    if (!sorting_->go_on(portion)) return false;
    imap::SortData data{sorting_->take()};
    sorting_.reset();
    if (search_modseq_ && !data.numbers.empty()) data.modseq = greatest_modseq(data.numbers);
    if (search_uid_)
      for (auto& number : data.numbers) number = view_->uid(number);
    session_.write().say(data);
    ok("SORT completed");
    return true;
  }
  if (!threading_->go_on(portion)) return false;
  imap::ThreadData data{threading_->take()};
  threading_.reset();
  if (search_uid_) put_uids(data.threads, *view_);
  session_.write().say(data);
  ok("THREAD completed");
  return true;
}

// Of the messages that are told of: RFC 4731 section 3.2.
imap::ModSeq ImapPeer::greatest_modseq(const Numbers& found) const {
  imap::ModSeq greatest = 0;
  for (const auto number : search_returns_ ? to_be_saved(found, *search_returns_) : found)
    greatest = std::max(greatest, view_->message(number).modseq);
  return greatest;
}

void ImapPeer::tell_found(const Numbers& found, const imap::SearchReturn& returns, imap::ModSeq modseq) {
  imap::EsearchData data;
  data.tag = session_.current_tag();
  data.uid = search_uid_;
  if (returns.min && !found.empty()) data.min = found.front();
  if (returns.max && !found.empty()) data.max = found.back();
  if (returns.all) data.all = imap::SequenceSet::of(found);
  if (returns.count) data.count = std::uint32_t(found.size());
  if (returns.partial) data.partial = {*returns.partial, imap::SequenceSet::of(part_of(found, *returns.partial))};
  if (modseq != 0) data.modseq = modseq;
  session_.write().say(data);
}

}  // namespace glasspost::sim
