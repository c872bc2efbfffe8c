// What of CloudTrail's layout lies below a prefix of a bucket, found with few requests: folders are
// walked where something may be left out, and listed as a whole where nothing can.
#pragma once

#include <functional>

#include "store/bucket_listing.h"
#include "store/listing_cache.h"
#include "store/trail_layout.h"
#include "store/trail_place.h"

namespace trailsql {

/// Takes a part with its files; for the same folder several times. From several threads.
using TakeTrailPart = std::function<void(TrailKind, TrailPart)>;

/// Walks below the root of `listing`. With a `cache`, days that are closed are listed once for all
/// queries of an `endpoint` (empty: AWS's own). Throws as BucketListing does.
void walk_bucket_trail(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take,
                       ListingCache* cache = nullptr, const std::string& endpoint = {});

}  // namespace trailsql
