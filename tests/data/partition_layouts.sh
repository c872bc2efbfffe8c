# For ddl/partition_layouts.test: a small bucket, the partitions of its folders, and questions to the tables over it.

# Prints account, region, date and the name of the one event there. The last account is in no partition.
folders() {
  printf '%s\n' '111122223333 us-east-1 2024/05/01 First' '111122223333 eu-central-1 2024/05/02 Second' \
    '444455556666 us-west-2 2024/05/02 Third' '999999999999 us-east-1 2024/05/02 Elsewhere'
}

# make_bucket FOLDER: what lies in s3://trail-bucket/. Tables by date alone read the folders below AWSLogs/ByDate/.
make_bucket() {
  local account region date event folder
  while read -r account region date event; do
    for folder in "$account/CloudTrail/$region/$date" "ByDate/$date"; do
      if [[ $folder == ByDate/* && $event == Elsewhere ]]; then continue; fi
      mkdir -p "$1/AWSLogs/$folder"
      printf '{"Records":[{"eventVersion":"1.10","eventName":"%s","awsRegion":"%s","userIdentity":{"type":"IAMUser","accountId":"%s"}}]}' \
        "$event" "$region" "$account" | gzip > "$1/AWSLogs/$folder/$event.json.gz"
    done
  done < <(folders)
}

# partition_columns TABLE
partition_columns() {
  case $1 in
    by_region_date*) echo region year month day ;;
    by_account_region_date*) echo account region year month day ;;
    by_timestamp*) echo timestamp ;;
    by_account_region_slashed*) echo account region date ;;
    by_suffixed*) echo date_partition region_partition account_partition ;;
    by_prefixed*) echo p_account p_region p_date ;;
  esac
}

# add_partitions TABLE: as Athena's documentation adds them, each with its LOCATION; projected tables have none.
add_partitions() {
  local account region date event column value spec clauses='' folder
  if [[ $1 == *_projected ]]; then return; fi
  while read -r account region date event; do
    if [[ $event == Elsewhere || ($1 == by_timestamp && $event == Third) ]]; then continue; fi
    spec='' folder=$account/CloudTrail/$region/$date
    if [[ $1 == by_timestamp ]]; then folder=ByDate/$date; fi
    for column in $(partition_columns "$1"); do
      case $column in
        *account*) value=$account ;; *region*) value=$region ;; year) value=${date:0:4} ;;
        month) value=${date:5:2} ;; day) value=${date:8:2} ;; *) value=$date ;;
      esac
      spec+="${spec:+, }\`$column\` = '$value'"
    done
    clauses+=" PARTITION ($spec) LOCATION 's3://trail-bucket/AWSLogs/$folder/'"
  done < <(folders)
  trailsql query -q "ALTER TABLE $1 ADD$clauses"
}

# ask TABLE: every event with its partition, then those of the second of May.
ask() {
  local columns event=eventname source=$1 last accounts=true
  if trailsql query --format csv "SHOW COLUMNS IN $1" | grep -q records; then
    event=r.eventname source="$1 CROSS JOIN UNNEST(records) AS t (r)"
  fi
  columns=$(partition_columns "$1" | sed 's/ /", "/g; s/^/"/; s/$/"/')
  last=${columns##*, }
  # An injected column, whose values nobody lists.
  if [[ $1 == by_prefixed_projected ]]; then accounts="p_account IN ('111122223333', '444455556666')"; fi
  trailsql query -q --format tsv "SELECT $event AS event, $columns FROM $source WHERE $accounts ORDER BY 1" | tail -n +2
  if [[ $last == *account* ]]; then last=${columns%%, *}; fi
  trailsql query -q --format tsv "SELECT count(*) FROM $source WHERE $accounts AND $last IN ('02', '2024/05/02')" | tail -n +2
}
