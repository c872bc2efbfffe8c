// Functions on URLs, and whether a network contains an address.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// The parts of a URL; empty where a part is missing.
struct Url {
  std::string_view protocol;
  std::string_view host;
  std::string_view port;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

// Empty for what java.net.URI refuses: spaces, control characters, some punctuation, bad escapes.
bool is_valid_url(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return false;
    if (std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos) return false;
    const auto hex = [&](size_t place) {
      return place < text.size() &&
             std::string_view("0123456789abcdefABCDEF").find(text[place]) != std::string_view::npos;
    };
    if (c == '%' && (!hex(i + 1) || !hex(i + 2))) return false;
  }
  return true;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Four numbers up to 255.
bool is_v4_host(std::string_view host) {
  return host.find(':') == std::string_view::npos && parse_ip_address(host).has_value();
}

// Whether the text names a host as java.net.URI reads it: labels of letters, digits and inner
// hyphens, the last beginning with a letter; or an address.
bool is_host(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']');
  if (is_v4_host(host)) return true;
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string_view last;
  while (true) {
    const size_t end = std::min(host.find('.'), host.size());
    last = host.substr(0, end);
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    if (last.empty() || !std::all_of(last.begin(), last.end(), fits)) return false;
    if (last.front() == '-' || last.back() == '-') return false;
    if (end == host.size()) return is_letter(last.front());
    host.remove_prefix(end + 1);
  }
}

// Sets host and port. What is no host with a port has neither.
void parse_authority(std::string_view authority, Url& url) {
  const size_t at = authority.find('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  const size_t colon = authority.rfind(':');
  std::string_view port;
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if (!std::all_of(port.begin(), port.end(), is_digit) || !is_host(authority)) return;
  url.host = authority;
  url.port = port;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

std::optional<Url> parse_url(std::string_view text) {
  if (!is_valid_url(text)) return std::nullopt;
  Url url;
  const auto cut = [](std::string_view& rest, char symbol) {
    const size_t at = rest.find(symbol);
    if (at == std::string_view::npos) return std::string_view();
    const std::string_view tail = rest.substr(at + 1);
    rest = rest.substr(0, at);
    return tail;
  };
  url.fragment = cut(text, '#');
  const size_t colon = text.find_first_of(":/?");
  if (colon != std::string_view::npos && text[colon] == ':') {
    url.protocol = text.substr(0, colon);
    if (!is_scheme(url.protocol)) return std::nullopt;
    text.remove_prefix(colon + 1);
    // "mailto:a@b" has no parts.
    if (!text.starts_with('/')) return url;
  }
  url.query = cut(text, '?');
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t slash = std::min(text.find('/'), text.size());
    parse_authority(text.substr(0, slash), url);
    text.remove_prefix(slash);
  }
  url.path = text;
  return url;
}

std::string unescape(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* begin = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(begin, begin + 2, value, 16).ptr == begin + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

using Result = std::optional<std::string>;
template <std::string_view Url::*Part, bool Unescape>
Result url_part(std::string_view text) {
  const std::optional<Url> url = parse_url(text);
  if (!url) return std::nullopt;
  const std::string_view part = (*url).*Part;
  return Unescape ? unescape(part, false) : std::string(part);
}

std::optional<int64_t> url_port(std::string_view text) {
  const std::optional<Url> url = parse_url(text);
  return url ? parse_bigint(url->port) : std::nullopt;
}

Result url_parameter(std::string_view text, std::string_view name) {
  const std::optional<Url> url = parse_url(text);
  if (!url) return std::nullopt;
  std::string_view rest = url->query;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return equals == std::string_view::npos ? "" : unescape(pair.substr(equals + 1), true);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.*").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}
void check_escapes(std::string_view text) {
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size()) fail_argument("URLDecoder: Incomplete trailing escape (%) pattern");
    for (const char c : text.substr(at + 1, 2)) {
      const bool hex = is_digit(c) || (is_letter(c) && (c | 0x20) <= 'f');
      if (hex) continue;
      fail_argument(
          fmt::format("URLDecoder: Illegal hex characters in escape (%) pattern - not a "
                      "hexadecimal digit: \"{}\" = {}",
                      c, static_cast<int>(c)));
    }
  }
}
std::string url_decode(std::string_view text) {
  check_escapes(text);
  std::string out;
  append_valid_utf8(out, unescape(text, true));
  return out;
}
Type encoded_type(std::span<const Type> types) {
  constexpr uint32_t kBytesPerCharacter = 12;
  const uint64_t length = uint64_t{types[0].length()} * kBytesPerCharacter;
  return Type::varchar(static_cast<uint32_t>(std::min<uint64_t>(length, Type::kUnbounded)));
}

// The bits of an address, first to last.
bool bit_of(std::string_view address, int64_t place) {
  const unsigned mask = 0x80U >> static_cast<unsigned>(place % 8);
  return (static_cast<unsigned char>(address[static_cast<size_t>(place / 8)]) & mask) != 0;
}

// Whether an address lies in a network like "10.0.0.0/8". Only a network of version 4 must have no
// bits behind its prefix. source: asked from Trino 476.
bool network_contains(std::string_view network, std::string_view address) {
  constexpr int64_t kNumBits = 128;
  constexpr int64_t kFirstBitOfV4 = 96;
  const size_t slash = network.find('/');
  if (slash == std::string_view::npos) fail_argument("Invalid CIDR");
  const std::optional<std::string> base = parse_ip_address(network.substr(0, slash));
  if (!base) fail_argument("Invalid network IP address");
  const std::string_view digits = network.substr(slash + 1);
  const std::optional<int64_t> length = parse_bigint(digits);
  if (!length)
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("For input string: \"{}\"", digits));
  if (*length < 0) fail_argument("Invalid prefix length");
  const bool v4 = network.find(':') == std::string_view::npos;
  const int64_t num_bits = v4 ? kFirstBitOfV4 + *length : *length;
  if (num_bits > kNumBits) fail_argument("Invalid CIDR");
  for (int64_t place = num_bits; v4 && place < kNumBits; ++place) {
    if (bit_of(*base, place)) fail_argument("Invalid CIDR");
  }
  for (int64_t place = 0; place < num_bits; ++place) {
    if (bit_of(*base, place) != bit_of(address, place)) return false;
  }
  return true;
}

constexpr std::string_view kText = "(varchar(x)) -> varchar(x)";

constexpr FunctionEntry kUrlFunctions[] = {
    total("url_extract_protocol", kText, "Returns the protocol of a URL.",
          kernel_of<url_part<&Url::protocol, false>>),
    total("url_extract_host", kText, "Returns the host of a URL.",
          kernel_of<url_part<&Url::host, false>>),
    total("url_extract_port", "(varchar(x)) -> bigint", "Returns the port of a URL.",
          kernel_of<url_port>),
    total("url_extract_path", kText, "Returns the path of a URL.",
          kernel_of<url_part<&Url::path, true>>),
    total("url_extract_query", kText, "Returns the query of a URL.",
          kernel_of<url_part<&Url::query, true>>),
    total("url_extract_fragment", kText, "Returns the fragment of a URL.",
          kernel_of<url_part<&Url::fragment, true>>),
    total("url_extract_parameter", "(varchar(x), varchar(y)) -> varchar(x)",
          "Returns a parameter of a URL's query.", kernel_of<url_parameter>),
    {.name = "url_encode",
     .signature = "(varchar(x)) -> varchar",
     .doc = "Escapes a text for a URL.",
     .make_kernel = kernel_of<url_encode>,
     .derive_result = encoded_type},
    fallible("url_decode", kText, "Undoes url_encode.", kernel_of<url_decode>),
    fallible("contains", "(varchar, ipaddress) -> boolean",
             "Returns whether a network (CIDR) contains an address.", kernel_of<network_contains>),
};

}  // namespace

std::span<const FunctionEntry> url_functions() { return kUrlFunctions; }

}  // namespace trailsql
