#include "apps/help_topics.h"

namespace trailsql {
namespace {

constexpr std::string_view kFormats =
    R"(Result formats (--format NAME, or by the extension of --output)

  table      lines and boxes for eyes. On a terminal wide values end with … to fit, and columns for
             which there is no room are left out; into a file or a pipe all is whole. The text
             "NULL" is shown as 'NULL', a NULL as NULL.
  vertical   one column a line, nothing cut.
  markdown   a table for tickets and reports.
  csv        as Athena's result files: header, every value in quotes, " doubled, NULL is empty
             without quotes, empty text is "".
  tsv        header, tabs between; tab, newline and \ are written \t \n \\, and NULL is \N.
  json       one array of objects. Numbers, booleans, arrays and rows keep their types.
  jsonl      one object a line.

--output FILE.parquet writes one query's rows as a Parquet file (zstd), with their names and types.
Of the types that Parquet has not, timestamps with time zone become instants in UTC, and intervals,
UUIDs, IP addresses, JSON and times or timestamps of more than 6 digits become text.

csv, tsv, json and jsonl never change with the terminal. A second column of the same name is
called name_2 in JSON, so none is lost.

  trailsql query --format jsonl "SELECT 1 AS one, ARRAY['a', 'b'] AS two"
  trailsql query --output report.csv "SELECT 1 AS one"
)";

constexpr std::string_view kEnvironment = R"(Environment

  TRAILSQL_HOME          folder of the catalog and the history
                         (default: $XDG_DATA_HOME/trailsql, else ~/.local/share/trailsql)
  TRAILSQL_DATABASE      database of names without one (default: default)
  TRAILSQL_FORMAT        result format (default: table)
  TRAILSQL_THREADS       threads at work (default: as many as the machine has)
  TRAILSQL_MEMORY_LIMIT  memory for sorting and grouping, as in 4GB (default: 80 % of the machine's)
  TRAILSQL_OPEN_DAYS     for how many days the folder of a day may get files in a bucket (31)
  TRAILSQL_ATHENA_PRICE, TRAILSQL_ATHENA_MINIMUM
                         for estimates (default: 5 dollars a terabyte, 10MB)
  AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN, AWS_CA_BUNDLE, AWS_CONFIG_FILE and the others of the AWS tools
                         how buckets are asked (trailsql help locations)
  NO_COLOR               when set, nothing is coloured
  PAGER                  shows long results of the shell (default: less)

An option on the command line comes before the environment.
)";

constexpr std::string_view kLocations = R"(Locations

A table's LOCATION may be
  s3://bucket/prefix/    read in place, or from a copy that a map names
  /folder/               a folder of this machine
  file:///folder/        the same as a URL

Buckets are asked with the credentials and settings of the AWS tools: environment, ~/.aws,
single sign-on, roles, containers, instances. --profile, --region, --s3-endpoint,
--no-sign-request and --requester-pays say otherwise; a table may say its own in TBLPROPERTIES
(trailsql.profile, trailsql.region, trailsql.endpoint, trailsql.path_style,
trailsql.no_sign_request, trailsql.requester_pays), and `trailsql trail add` remembers the
options it is given. --dry-run tells requests and bytes before a query runs. Days that are closed
(--open-days) are listed once; --refresh lists them again, to see files that came late; a day whose
known files have changed is listed again by itself. --skip-denied goes on without what may not be
read.

Where a copy of a bucket lies on this machine (`aws s3 sync` makes one), say so once, or for one
run with --map:
  trailsql map add s3://my-bucket/ /path/to/copy
  trailsql query --map s3://my-bucket/=/path/to/copy "SELECT 1"

The longest prefix wins; --map comes before what was remembered. s3a:// and s3n:// mean s3://.
Files are found in all folders below; names that begin with _ or . are hidden.
)";

constexpr std::string_view kTrails = R"(Trails: CloudTrail logs without any DDL

For one run, or remembered by a name that is also a database:
  trailsql query --logs . "SELECT count(*) FROM cloudtrail"
  trailsql trail add prod /path/to/logs

The path may be a bucket's copy, any folder on the way down to the days, a folder of files in no
order, or one file; accounts, organizations, regions and days are found by every query. Tables:
  cloudtrail                    management and data events, a row a record
  cloudtrail_insights           Insights events, insightdetails with all its fields
  cloudtrail_network_activity   network activity events
  cloudtrail_aggregated         aggregated events
  cloudtrail_digests            a row a digest file

Each has organization, account, region and "date" (of delivery) from the paths, NULL where a path
does not say them, and "$raw", the record as it stands in the file. Conditions on them keep out of
whole folders. Exports are read as well: JSON lines and arrays, lookup-events, EventBridge,
CloudWatch Logs, Firehose. SHOW CREATE TABLE prints the DDL for Athena.

While there is one trail, its tables need no database before their name.
)";

constexpr std::string_view kTime = R"(Bounds on time (--since, --from, --to)

They bound the eventTime of every record that a statement reads, as if every table were cut so:
  --since 24h     the last 24 hours before each statement starts; also 90m, 7d, 2w
  --from TIME     from this moment on
  --to TIME       before this moment, itself left out: --from 2024-05-01 --to 2024-05-02 is one day

TIME is 2024-05-01, 2024-05-01T10:20, 2024-05-01T10:20:30Z or 2024-05-01T12:20+02:00; without a zone
it is UTC, and a day begins at midnight.

  trailsql query --logs . --since 7d "SELECT count(*) FROM cloudtrail"

Folders of days are chosen by these bounds, too. Their day is that of delivery, which CloudTrail tries
for 30 days: so folders up to 31 days after --to are read, and those before --from are not. What
was left out by that is said below the result. The table property trailsql.eventtime_pruning = off, or
another number of days, changes it.

A table needs a column eventtime, or an array of records with such a field that UNNEST, right beside
the table, makes rows of. Records without an eventTime,
or with a text that is no time, lie in no bounds.
)";

constexpr std::string_view kExitStatus = R"(Exit status

  0    all statements succeeded (batch: the input was read to its end)
  1    a statement failed; what is wrong, where, and what to do stands on standard error
  2    wrong usage
  130  interrupted

Notes, as of files that could not be read or of a table whose place holds nothing, do not change
it, and -q hides them; --strict makes them errors.

Results go to standard output; progress, counts, notes and errors go to standard error.
)";

}  // namespace

const std::vector<HelpTopic>& help_topics() {
  static const std::vector<HelpTopic> kTopics{
      {"formats", "how results look", kFormats},
      {"environment", "variables that are read", kEnvironment},
      {"locations", "where the files of a table lie", kLocations},
      {"trails", "CloudTrail logs without any DDL", kTrails},
      {"time", "records of the last hours, or between two moments", kTime},
      {"exit-status", "what the program returns", kExitStatus},
  };
  return kTopics;
}

}  // namespace trailsql
