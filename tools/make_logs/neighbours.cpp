#include "make_logs/neighbours.h"

#include <fmt/core.h>

#include "make_logs/expander.h"
#include "make_logs/layout.h"

namespace trailsql::make_logs {

void write_neighbours(const std::string& folder, const RecordSite& site, ObjectWriter& objects,
                      Truth& truth) {
  Expander expander(site);
  const std::string day = day_folder(std::chrono::floor<std::chrono::days>(site.time));
  const std::string stamp = minute_stamp(site.time);
  const std::string digest = expander.expand(
      R"({"awsAccountId":"$account","digestStartTime":"$time","digestEndTime":"$later","digestS3Bucket":"my_consolidated_bucket","digestPublicKeyFingerprint":"$hex17$hex8$hex8","digestSignatureAlgorithm":"SHA256withRSA","newestEventTime":null,"oldestEventTime":null,"previousDigestS3Bucket":null,"previousDigestS3Object":null,"previousDigestHashValue":null,"previousDigestHashAlgorithm":null,"previousDigestSignature":null,"logFiles":[]})");
  objects.put(
      fmt::format("{}/CloudTrail-Digest/{}/{}/{}_CloudTrail-Digest_{}_main_{}_{}00Z.json.gz",
                  folder, site.region, day, site.account.id, site.region, site.region,
                  stamp.substr(0, stamp.size() - 1)),
      digest, truth);
  const std::string snapshot = expander.expand(
      R"({"fileVersion":"1.0","configSnapshotId":"$uuid","configurationItems":[{"resourceType":"AWS::EC2::Instance","resourceId":"$instance","awsRegion":"$region","configuration":{"instanceId":"$instance"}}]})");
  objects.put(
      fmt::format("{}/Config/{}/{}/ConfigSnapshot/{}_Config_{}_ConfigSnapshot_{}_{}.json.gz",
                  folder, site.region, day, site.account.id, site.region, stamp,
                  site.random.uuid()),
      snapshot, truth);
  truth.num_files_without_records += 2;
}

}  // namespace trailsql::make_logs
