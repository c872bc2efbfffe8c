#include "store/http_client.h"

#include <curl/curl.h>
#include <fmt/core.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "base/text.h"
#include "store/curl_library.h"

namespace trailsql {

// Not in the unnamed namespace, which members of a class with a name may not be of.
struct CurlEasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using CurlEasyHandle = std::unique_ptr<CURL, CurlEasyDeleter>;

struct CurlListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHeaderList = std::unique_ptr<curl_slist, CurlListDeleter>;

/// One request on its way. Its owner waits until `is_done`; before that the loop uses it.
struct HttpTransfer {
  const HttpRequest* request = nullptr;
  HttpResponse response;
  CurlEasyHandle easy;
  CurlHeaderList headers;
  size_t num_header_bytes = 0;
  bool is_withdrawn = false;  // by its owner; guarded by the loop's mutex, as is_done
  bool is_done = false;
  std::string refusal;  // why a callback broke the answer off
  std::condition_variable done;
  std::array<char, CURL_ERROR_SIZE> problem{};
};

namespace {

constexpr size_t kMaxHeaderBytes = 256 * 1024;    // of one answer
constexpr size_t kMaxErrorBodyBytes = 64 * 1024;  // the rest of a longer one is dropped
constexpr long kReceiveBufferBytes = 256 * 1024;
constexpr size_t kMaxIdleHandles = 256;
// How soon a canceled query notices, where nothing else happens.
constexpr auto kCancelCheckInterval = std::chrono::milliseconds(50);

bool is_success(int status) { return status >= 200 && status < 300; }

size_t take_body(char* bytes, size_t, size_t size, void* user) noexcept {
  auto& transfer = *static_cast<HttpTransfer*>(user);
  HttpResponse& response = transfer.response;
  response.num_body_bytes += size;
  try {
    if (!is_success(response.status)) {
      const size_t room = kMaxErrorBodyBytes - std::min(kMaxErrorBodyBytes, response.body.size());
      response.body.append(bytes, std::min(size, room));
      return size;
    }
    if (transfer.request->on_body) {
      if (transfer.request->on_body({bytes, size})) return size;
      transfer.refusal = "the answer is not as long as was asked for";
      return 0;
    }
    if (response.body.size() + size > transfer.request->max_body_bytes) {
      transfer.refusal =
          fmt::format("the answer is longer than {} bytes", transfer.request->max_body_bytes);
      return 0;
    }
    response.body.append(bytes, size);
    return size;
  } catch (const std::bad_alloc&) {
    transfer.refusal = "out of memory";
    return 0;
  }
}

size_t take_header(char* bytes, size_t, size_t size, void* user) noexcept {
  auto& transfer = *static_cast<HttpTransfer*>(user);
  try {
    transfer.num_header_bytes += size;
    if (transfer.num_header_bytes > kMaxHeaderBytes) {
      transfer.refusal = "the headers of the answer are too long";
      return 0;
    }
    const std::string_view line = trimmed(std::string_view(bytes, size));
    if (line.empty()) {
      const HttpResponse& response = transfer.response;
      if (transfer.request->on_headers && is_success(response.status))
        transfer.request->on_headers(response.status, response.headers);
      return size;
    }
    if (line.starts_with("HTTP/")) {  // after "100 Continue" a second answer follows
      transfer.response.headers.clear();
      long status = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
      transfer.response.status = static_cast<int>(status);
      return size;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    transfer.response.headers.emplace_back(to_lower_ascii(trimmed(line.substr(0, colon))),
                                           trimmed(line.substr(colon + 1)));
    return size;
  } catch (const std::bad_alloc&) {
    transfer.refusal = "out of memory";
    return 0;
  }
}

HttpFailure failure_of(CURLcode code, CURL* easy) {
  switch (code) {
    case CURLE_OK: return HttpFailure::kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return HttpFailure::kNotConnected;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS: return HttpFailure::kNotTrusted;
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected_us = 0;
      curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
      return connected_us == 0 ? HttpFailure::kNotConnected : HttpFailure::kTimedOut;
    }
    case CURLE_WRITE_ERROR: return HttpFailure::kRefusedBody;
    case CURLE_URL_MALFORMAT: return HttpFailure::kBadRequest;
    case CURLE_UNSUPPORTED_PROTOCOL: {  // of the URL, or of an answer that is no HTTP
      curl_off_t connected_us = 0;
      curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
      return connected_us == 0 ? HttpFailure::kBadRequest : HttpFailure::kBroken;
    }
    default: return HttpFailure::kBroken;  // also in the middle of a TLS handshake
  }
}

void add_header(HttpTransfer& transfer, const std::string& line) {
  curl_slist* longer = curl_slist_append(transfer.headers.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)transfer.headers.release();
  transfer.headers.reset(longer);
}

void set_up(HttpTransfer& transfer, const HttpOptions& options) {
  const HttpRequest& request = *transfer.request;
  CURL* easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // keys may hold "//" and ".."
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.problem.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout_ms));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>((request.stall_timeout_ms + 999) / 1000));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout_ms));
  if (options.ca_bundle) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_bundle->c_str());
  if (!request.may_use_proxy) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  for (const auto& [name, value] : request.headers) {
    // An empty header is written with a semicolon for libcurl; with nothing it would be left out.
    add_header(transfer, value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (!request.body.empty() || request.method != "DELETE") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
      add_header(transfer, "Expect:");
      if (find_field(request.headers, "content-type") == nullptr)
        add_header(transfer, "Content-Type:");
    }
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
}

}  // namespace

/// The thread that moves the bytes of all transfers.
class HttpClient::Loop {
 public:
  explicit Loop(HttpOptions options) : options_(std::move(options)) {}

  ~Loop() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    idle_.clear();
    curl_multi_cleanup(multi_);
  }

  HttpResponse send(const HttpRequest& request, const Cancellation& cancellation) {
    cancellation.check();
    load_curl();
    HttpTransfer transfer;
    transfer.request = &request;
    transfer.easy = take_handle();
    set_up(transfer, options_);
    std::unique_lock lock(mutex_);
    start_thread();
    arrivals_.push_back(&transfer);
    curl_multi_wakeup(multi_);
    while (!transfer.done.wait_for(lock, kCancelCheckInterval, [&] { return transfer.is_done; })) {
      if (!cancellation.requested() || transfer.is_withdrawn) continue;
      transfer.is_withdrawn = true;
      withdrawals_.push_back(&transfer);
      curl_multi_wakeup(multi_);
    }
    lock.unlock();
    keep_handle(std::move(transfer.easy));
    if (transfer.is_withdrawn) cancellation.check();
    return std::move(transfer.response);
  }

 private:
  CurlEasyHandle take_handle() {
    CurlEasyHandle easy;
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        easy = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!easy) easy.reset(curl_easy_init());
    if (!easy) throw std::bad_alloc();
    return easy;
  }

  // A handle that waits for its next use points to nothing of the last.
  void keep_handle(CurlEasyHandle easy) {
    curl_easy_reset(easy.get());
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdleHandles) idle_.push_back(std::move(easy));
  }

  // Precondition: the mutex is held.
  void start_thread() {
    if (thread_.joinable()) return;
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::bad_alloc();
    const auto max_connections = static_cast<long>(options_.max_connections_per_host);
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, max_connections);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    thread_ = std::thread([this] { run(); });
  }

  void run() {
    constexpr int kIdleWaitMs = 1000;
    sigset_t all;  // signals are the main thread's
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (exchange_with_owners()) {
      int num_running = 0;
      curl_multi_perform(multi_, &num_running);
      collect_answers();
      curl_multi_poll(multi_, nullptr, 0, kIdleWaitMs, nullptr);
    }
  }

  // Takes what is to be sent, and gives back what nobody waits for. Returns false at the end.
  bool exchange_with_owners() {
    const std::lock_guard lock(mutex_);
    for (HttpTransfer* transfer : arrivals_) {
      if (curl_multi_add_handle(multi_, transfer->easy.get()) != CURLM_OK) {
        transfer->response.failure = HttpFailure::kBadRequest;
        transfer->response.problem = "the request could not be started";
        give_back(*transfer);
      }
    }
    arrivals_.clear();
    for (HttpTransfer* transfer : withdrawals_) {
      if (transfer->is_done) continue;
      curl_multi_remove_handle(multi_, transfer->easy.get());
      give_back(*transfer);
    }
    withdrawals_.clear();
    return !is_stopping_;
  }

  void collect_answers() {
    int num_left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &num_left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      char* user = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
      auto& transfer = *reinterpret_cast<HttpTransfer*>(user);
      transfer.response.failure = failure_of(code, easy);
      if (code != CURLE_OK) {
        const std::string_view problem = transfer.problem.data();
        transfer.response.problem = problem.empty() ? curl_easy_strerror(code) : problem;
        if (!transfer.refusal.empty()) transfer.response.problem = transfer.refusal;
      }
      curl_multi_remove_handle(multi_, easy);
      const std::lock_guard lock(mutex_);
      std::erase(withdrawals_, &transfer);
      give_back(transfer);
    }
  }

  // Precondition: the mutex is held. The owner ends the transfer's life as soon as it is released.
  static void give_back(HttpTransfer& transfer) {
    transfer.is_done = true;
    transfer.done.notify_one();
  }

  const HttpOptions options_;
  CURLM* multi_ = nullptr;
  std::thread thread_;
  std::mutex mutex_;  // guards what follows
  std::vector<HttpTransfer*> arrivals_;
  std::vector<HttpTransfer*> withdrawals_;
  std::vector<CurlEasyHandle> idle_;
  bool is_stopping_ = false;
};

HttpClient::HttpClient(HttpOptions options) : loop_(std::make_unique<Loop>(std::move(options))) {}
HttpClient::~HttpClient() = default;

HttpResponse HttpClient::send(const HttpRequest& request, const Cancellation& cancellation) {
  return loop_->send(request, cancellation);
}

}  // namespace trailsql
