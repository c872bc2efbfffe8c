#include "catalog/trail_tables.h"

#include <algorithm>
#include <array>

#include "catalog/storage_classes.h"

namespace trailsql {
namespace {

struct ColumnText {
  std::string_view name;
  std::string_view type;  // in Hive's spelling
};

constexpr std::string_view kString = "string";

// source: AWS's "Create a table for CloudTrail logs in Athena", and "CloudTrail record contents"
// for the fields that it leaves out.
constexpr std::string_view kUserIdentity =
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,"
    "accesskeyid:string,username:string,onbehalfof:struct<userid:string,identitystorearn:string>,"
    "inscopeof:struct<sourcearn:string,sourceaccount:string,issuertype:string,"
    "credentialsissuedto:string>,identityprovider:string,credentialid:string,"
    "sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,"
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,"
    "username:string>,ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,"
    "attributes:map<string,string>>,sourceidentity:string,assumedroot:string>>";

constexpr ColumnText kRecordColumns[] = {
    {"eventversion", kString},
    {"useridentity", kUserIdentity},
    {"eventtime", kString},
    {"eventsource", kString},
    {"eventname", kString},
    {"awsregion", kString},
    {"sourceipaddress", kString},
    {"useragent", kString},
    {"errorcode", kString},
    {"errormessage", kString},
    {"requestparameters", kString},
    {"responseelements", kString},
    {"additionaleventdata", kString},
    {"requestid", kString},
    {"eventid", kString},
    {"resources", "array<struct<arn:string,accountid:string,type:string>>"},
    {"eventtype", kString},
    {"apiversion", kString},
    {"readonly", kString},
    {"recipientaccountid", kString},
    {"serviceeventdetails", kString},
    {"sharedeventid", kString},
    {"vpcendpointid", kString},
    {"vpcendpointaccountid", kString},
    {"managementevent", kString},
    {"eventcategory", kString},
    {"insightdetails", kString},
    {"addendum",
     "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>"},
    {"sessioncredentialfromconsole", kString},
    {"edgedevicedetails", kString},
    {"tlsdetails",
     "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string,"
     "keyexchange:string>"},
    {"eventcontext", kString},
};

constexpr ColumnText kInsightColumns[] = {
    {"eventversion", kString},
    {"eventtime", kString},
    {"awsregion", kString},
    {"eventid", kString},
    {"eventtype", kString},
    {"recipientaccountid", kString},
    {"sharedeventid", kString},
    {"eventcategory", kString},
    {"insightdetails",
     "struct<state:string,eventsource:string,eventname:string,insighttype:string,errorcode:string,"
     "insightcontext:struct<statistics:struct<baseline:struct<average:double>,"
     "insight:struct<average:double>,insightduration:bigint,baselineduration:bigint>,"
     "attributions:array<struct<attribute:string,"
     "insight:array<struct<value:string,average:double>>,"
     "baseline:array<struct<value:string,average:double>>>>>>"},
    {"addendum",
     "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>"},
};

constexpr ColumnText kAggregatedColumns[] = {
    {"eventversion", kString}, {"accountid", kString},     {"eventid", kString},
    {"eventtype", kString},    {"eventcategory", kString}, {"awsregion", kString},
    {"timewindow", kString},   {"summary", kString},
};

constexpr ColumnText kDigestColumns[] = {
    {"awsaccountid", kString},
    {"digeststarttime", kString},
    {"digestendtime", kString},
    {"digests3bucket", kString},
    {"digests3object", kString},
    {"digestpublickeyfingerprint", kString},
    {"digestsignaturealgorithm", kString},
    {"newesteventtime", kString},
    {"oldesteventtime", kString},
    {"previousdigests3bucket", kString},
    {"previousdigests3object", kString},
    {"previousdigesthashvalue", kString},
    {"previousdigesthashalgorithm", kString},
    {"previousdigestsignature", kString},
    {"logfiles",
     "array<struct<s3bucket:string,s3object:string,hashvalue:string,hashalgorithm:string,"
     "newesteventtime:string,oldesteventtime:string>>"},
};

struct TableForm {
  std::string_view name;
  std::string_view kind;
  std::span<const ColumnText> columns;
};

constexpr TableForm kForms[] = {
    {"cloudtrail", "CloudTrail", kRecordColumns},
    {"cloudtrail_aggregated", "CloudTrail-Aggregated", kAggregatedColumns},
    {"cloudtrail_digests", "CloudTrail-Digest", kDigestColumns},
    {"cloudtrail_insights", "CloudTrail-Insight", kInsightColumns},
    {"cloudtrail_network_activity", "CloudTrail-NetworkActivity", kRecordColumns},
};
constexpr size_t kNumForms = std::size(kForms);

constexpr std::array<std::string_view, kNumForms> kNames = [] {
  std::array<std::string_view, kNumForms> names;
  for (size_t i = 0; i < kNumForms; ++i) names[i] = kForms[i].name;
  return names;
}();

void set_digest_format(CatalogTable& table) {
  table.serde_class = kOpenXJsonSerDe;
  table.serde_properties = {{"ignore.malformed.json", "true"}};
  table.stored_as = "TEXTFILE";
}

void set_record_format(CatalogTable& table) {
  table.serde_class = kHCatalogJsonSerDe;
  table.input_format = kCloudTrailInputFormat;
  table.output_format = kTextOutputFormat;
}

}  // namespace

std::span<const std::string_view> trail_table_names() { return kNames; }

std::shared_ptr<const CatalogTable> make_trail_table(const Trail& trail, std::string_view name) {
  const auto* form = std::find_if(std::begin(kForms), std::end(kForms),
                                  [&](const TableForm& each) { return each.name == name; });
  if (form == std::end(kForms)) return nullptr;
  auto table = std::make_shared<CatalogTable>();
  table->database = trail.name;
  table->name = name;
  for (const ColumnText& column : form->columns)
    table->columns.push_back({std::string(column.name), parse_type(column.type), {}});
  for (const std::string_view column : kTrailPartitionColumns) {
    const bool is_date = column == kTrailPartitionColumns[3];
    table->partition_columns.push_back(
        {std::string(column), is_date ? Type(TypeKind::kDate) : Type::varchar(), {}});
  }
  if (form->columns.data() == kDigestColumns)
    set_digest_format(*table);
  else
    set_record_format(*table);
  if (!trail.locations.empty()) table->location = trail.locations.front();
  table->table_properties.emplace_back(kTrailKindProperty, form->kind);
  for (const std::string& location : trail.locations)
    table->table_properties.emplace_back(kTrailLocationProperty, location);
  table->table_properties.insert(table->table_properties.end(), trail.properties.begin(),
                                 trail.properties.end());
  return table;
}

bool is_trail_table(const CatalogTable& table) {
  return find_property(table.table_properties, kTrailKindProperty) != nullptr;
}

std::vector<std::string> trail_locations(const CatalogTable& table) {
  std::vector<std::string> locations;
  for (const auto& [name, value] : table.table_properties) {
    if (name == kTrailLocationProperty) locations.push_back(value);
  }
  return locations;
}

}  // namespace trailsql
