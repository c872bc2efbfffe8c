#include "apps/batch_command.h"

#include <cstdio>

#include "apps/interrupt.h"
#include "service/batch_protocol.h"

namespace trailsql {
namespace {

/// Reads a line without its end. Returns false at the end of the input. Of a line beyond the limit
/// one byte more than the limit is kept, so that it is answered with an error.
bool read_line(std::FILE* input, std::string& line) {
  line.clear();
  int byte = 0;
  while ((byte = ::getc_unlocked(input)) != EOF && byte != '\n') {
    if (line.size() <= kMaxBatchLineBytes) line.push_back(static_cast<char>(byte));
  }
  return byte != EOF || !line.empty();
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

}  // namespace

int run_batch_command(const Settings& settings) {
  QueryService service = open_service(settings);
  const Session session = session_of(settings);
  StreamSink output(stdout, "standard output");
  std::string line;
  while (!output.closed() && read_line(stdin, line)) {
    if (is_blank(line)) continue;
    // Only while a statement runs: a signal that finds the program waiting for input ends it.
    Cancellation cancellation;
    const InterruptScope scope(cancellation);
    output.write(answer_batch_request(service, parse_batch_request(line), session, cancellation) +
                 "\n");
    output.flush();
    if (cancellation.requested()) return kExitInterrupted;
  }
  return kExitOk;
}

}  // namespace trailsql
