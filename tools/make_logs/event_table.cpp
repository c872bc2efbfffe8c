#include "make_logs/event_table.h"

namespace trailsql::make_logs {
namespace {

using enum EventActors;
constexpr bool kRead = true;
constexpr bool kWrite = false;
constexpr bool kData = true;
constexpr bool kManagement = false;

constexpr std::string_view kBucketResource =
    R"([{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])";
constexpr std::string_view kObjectResources =
    R"([{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/data/$object.parquet"},)"
    R"({"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}])";
constexpr std::string_view kKeyResource =
    R"([{"accountId":"$account","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$region:$account:key/$key"}])";
constexpr std::string_view kRoleResource =
    R"([{"accountId":"$account","type":"AWS::IAM::Role","ARN":"arn:aws:iam::$account:role/$role"}])";
constexpr std::string_view kTableResource =
    R"([{"accountId":"$account","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$region:$account:table/$table"}])";
constexpr std::string_view kS3Additional =
    R"({"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"$code40$code40=","bytesTransferredOut":$number})";
constexpr std::string_view kAssumeRoleParameters =
    R"({"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"$instance","durationSeconds":3600})";
constexpr std::string_view kAssumeRoleResponse =
    R"({"credentials":{"accessKeyId":"ASIA$upper16","sessionToken":"IQoJb3JpZ2luX2VjE$code40$code40$code40$code40$code40$code40","expiration":"$later"},)"
    R"("assumedRoleUser":{"assumedRoleId":"AROA$upper16:$instance","arn":"arn:aws:sts::$account:assumed-role/$role/$instance"}})";
constexpr std::string_view kRunInstancesParameters =
    R"({"instancesSet":{"items":[{"imageId":"ami-0$hex17","minCount":1,"maxCount":1}]},"instanceType":"m7g.large","blockDeviceMapping":{"items":[{"deviceName":"/dev/xvda","ebs":{"volumeSize":30,"deleteOnTermination":true,"volumeType":"gp3","encrypted":true}}]},)"
    R"("monitoring":{"enabled":false},"disableApiTermination":false,"disableApiStop":false,"clientToken":"$uuid","subnetId":"$subnet","iamInstanceProfile":{"name":"$role"},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"Name","value":"worker-$number"},{"key":"team","value":"platform"}]}]}})";
constexpr std::string_view kRunInstancesResponse =
    R"({"requestId":"$uuid","reservationId":"r-0$hex17","ownerId":"$account","groupSet":{},"instancesSet":{"items":[{"instanceId":"$instance","imageId":"ami-0$hex17","bootMode":"uefi","currentInstanceBootMode":"uefi","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-0-3-17.ec2.internal","amiLaunchIndex":0,"productCodes":{},)"
    R"("instanceType":"m7g.large","launchTime":1768212000000,"placement":{"availabilityZone":"$zone","tenancy":"default"},"monitoring":{"state":"disabled"},"subnetId":"$subnet","vpcId":"vpc-0$hex17","privateIpAddress":"10.0.3.17","stateReason":{"code":"pending","message":"pending"},"architecture":"arm64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen",)"
    R"("tagSet":{"items":[{"key":"Name","value":"worker"},{"key":"team","value":"platform"}]},"clientToken":"$uuid","groupSet":{"items":[{"groupId":"$group","groupName":"workers"}]},"sourceDestCheck":true,"networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-0$hex17","subnetId":"$subnet","vpcId":"vpc-0$hex17","ownerId":"$account","status":"in-use","macAddress":"02:00:00:aa:bb:cc","privateIpAddress":"10.0.3.17"}]},"ebsOptimized":false,"enaSupport":true}]}})";
constexpr std::string_view kInstanceStateResponse =
    R"({"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"$instance","currentState":{"code":64,"name":"stopping"},"previousState":{"code":16,"name":"running"}}]}})";
constexpr std::string_view kOneInstance =
    R"({"instancesSet":{"items":[{"instanceId":"$instance"}]}})";

constexpr EventKind kKinds[] =
    {
        // Reading the estate: most of a trail.
        {"ec2", "DescribeInstances", 90, kPeopleAndMachines, kRead, kManagement,
         R"({"instancesSet":{"items":[{"instanceId":"$instance"}]},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]}})",
         "", "", ""},
        {"ec2", "DescribeVolumes", 40, kPeopleAndMachines, kRead, kManagement,
         R"({"volumeSet":{"items":[{"volumeId":"$volume"}]},"filterSet":{}})", "", "", ""},
        {"ec2", "DescribeSecurityGroups", 35, kPeopleAndMachines, kRead, kManagement,
         R"({"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"$group"}]},"filterSet":{}})",
         "", "", ""},
        {"ec2", "DescribeNetworkInterfaces", 30, kServices, kRead, kManagement,
         R"({"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"group-id","valueSet":{"items":[{"value":"$group"}]}},{"name":"subnet-id","valueSet":{"items":[{"value":"$subnet"}]}}]}})",
         "", "", ""},
        {"s3", "ListBuckets", 25, kPeople, kRead, kManagement,
         R"({"Host":"s3.$region.amazonaws.com"})", "", "", kS3Additional},
        {"s3", "GetBucketAcl", 60, kServices, kRead, kManagement,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","acl":""})", "",
         kBucketResource, kS3Additional},
        {"s3", "GetBucketPolicy", 20, kPeople, kRead, kManagement,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":""})", "",
         kBucketResource, kS3Additional},
        {"iam", "ListUsers", 8, kPeople, kRead, kManagement, R"({"maxItems":1000})", "", "", ""},
        {"iam", "GetUser", 12, kPeople, kRead, kManagement, R"({"userName":"$person"})", "", "",
         ""},
        {"iam", "GetRole", 25, kPeopleAndMachines, kRead, kManagement, R"({"roleName":"$role"})",
         "", "", ""},
        {"iam", "ListAttachedRolePolicies", 16, kPeopleAndMachines, kRead, kManagement,
         R"({"roleName":"$role"})", "", "", ""},
        {"sts", "GetCallerIdentity", 30, kPeopleAndMachines, kRead, kManagement, "", "", "", ""},
        {"rds", "DescribeDBInstances", 22, kPeopleAndMachines, kRead, kManagement,
         R"({"maxRecords":100})", "", "", ""},
        {"lambda", "GetFunction20150331v2", 18, kPeopleAndMachines, kRead, kManagement,
         R"({"functionName":"arn:aws:lambda:$region:$account:function:$function"})", "", "", ""},
        {"cloudtrail", "LookupEvents", 6, kPeople, kRead, kManagement,
         R"({"maxResults":50,"lookupAttributes":[{"attributeKey":"ReadOnly","attributeValue":"false"}]})",
         "", "", ""},
        {"cloudtrail", "DescribeTrails", 8, kPeople, kRead, kManagement, R"({"trailNameList":[]})",
         "", "", ""},
        {"elasticloadbalancing", "DescribeTargetHealth", 40, kMachines, kRead, kManagement,
         R"({"targetGroupArn":"arn:aws:elasticloadbalancing:$region:$account:targetgroup/web/$hex17"})",
         "", "", ""},
        {"autoscaling", "DescribeAutoScalingGroups", 25, kMachines, kRead, kManagement,
         R"({"maxRecords":100,"autoScalingGroupNames":["workers-$small"]})", "", "", ""},
        {"monitoring", "DescribeAlarms", 14, kPeople, kRead, kManagement,
         R"({"alarmTypes":["MetricAlarm"],"maxRecords":100})", "", "", ""},
        {"ecr", "GetAuthorizationToken", 18, kMachines, kRead, kManagement, "", "", "", ""},
        {"ecr", "BatchGetImage", 20, kMachines, kRead, kManagement,
         R"({"registryId":"$account","repositoryName":"$function","imageIds":[{"imageTag":"release-$small"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json","application/vnd.docker.distribution.manifest.v2+json"]})",
         "",
         R"([{"accountId":"$account","ARN":"arn:aws:ecr:$region:$account:repository/$function"}])",
         ""},
        {"ssm", "GetParameter", 28, kMachines, kRead, kManagement,
         R"({"name":"/$function/config","withDecryption":true})", "",
         R"([{"accountId":"$account","ARN":"arn:aws:ssm:$region:$account:parameter/$function/config"}])",
         ""},
        {"secretsmanager", "GetSecretValue", 24, kMachines, kRead, kManagement,
         R"({"secretId":"arn:aws:secretsmanager:$region:$account:secret:$secret"})", "", "", ""},
        // Credentials.
        {"sts", "AssumeRole", 130, kServices, kRead, kManagement, kAssumeRoleParameters,
         kAssumeRoleResponse, kRoleResource, ""},
        {"sts", "AssumeRole", 40, kMachines, kRead, kManagement, kAssumeRoleParameters,
         kAssumeRoleResponse, kRoleResource, ""},
        {"sts", "AssumeRole", 25, kVisitors, kRead, kManagement, kAssumeRoleParameters,
         kAssumeRoleResponse, kRoleResource, ""},
        {"sts", "AssumeRoleWithSAML", 6, kPeople, kRead, kManagement,
         R"({"sAMLAssertionID":"_$uuid","roleSessionName":"$person@example.com","roleArn":"arn:aws:iam::$account:role/$role","principalArn":"arn:aws:iam::$account:saml-provider/example-idp","durationSeconds":28800})",
         kAssumeRoleResponse, kRoleResource, ""},
        {"kms", "Decrypt", 90, kMachines, kRead, kManagement,
         R"({"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"})",
         "", kKeyResource, R"({"keyMaterialId":"$hex17$hex17"})"},
        {"kms", "GenerateDataKey", 45, kMachines, kRead, kManagement,
         R"({"keyId":"arn:aws:kms:$region:$account:key/$key","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket"},"keySpec":"AES_256"})",
         "", kKeyResource, R"({"keyMaterialId":"$hex17$hex17"})"},
        {"kms", "CreateGrant", 6, kServices, kWrite, kManagement,
         R"({"granteePrincipal":"ec2.$region.amazonaws.com","operations":["Decrypt","Encrypt","GenerateDataKeyWithoutPlaintext","CreateGrant"],"keyId":"arn:aws:kms:$region:$account:key/$key"})",
         R"({"grantId":"$hex17$hex17","keyId":"arn:aws:kms:$region:$account:key/$key"})",
         kKeyResource, ""},
        // Data events.
        {"s3", "GetObject", 110, kMachines, kRead, kData,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"data/$object.parquet"})",
         "", kObjectResources, kS3Additional},
        {"s3", "PutObject", 70, kMachines, kWrite, kData,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"data/$object.parquet","x-amz-server-side-encryption":"aws:kms"})",
         R"({"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:$region:$account:key/$key"})",
         kObjectResources, kS3Additional},
        {"s3", "GetObject", 20, kVisitors, kRead, kData,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"shared/$object.csv"})",
         "", kObjectResources, kS3Additional},
        {"lambda", "Invoke", 30, kServices, kWrite, kData,
         R"({"functionName":"arn:aws:lambda:$region:$account:function:$function","invocationType":"Event"})",
         "",
         R"([{"accountId":"$account","type":"AWS::Lambda::Function","ARN":"arn:aws:lambda:$region:$account:function:$function"}])",
         R"({"functionVersion":"arn:aws:lambda:$region:$account:function:$function:$small"})"},
        {"dynamodb", "GetItem", 40, kMachines, kRead, kData,
         R"({"tableName":"$table","key":{"id":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false})",
         "", kTableResource, ""},
        // Changes.
        {"ec2", "RunInstances", 10, kPeopleAndMachines, kWrite, kManagement,
         kRunInstancesParameters, kRunInstancesResponse, "", ""},
        {"ec2", "StartInstances", 5, kPeople, kWrite, kManagement, kOneInstance,
         kInstanceStateResponse, "", ""},
        {"ec2", "StopInstances", 5, kPeople, kWrite, kManagement,
         R"({"instancesSet":{"items":[{"instanceId":"$instance"}]},"force":false})",
         kInstanceStateResponse, "", ""},
        {"ec2", "TerminateInstances", 8, kServices, kWrite, kManagement, kOneInstance,
         kInstanceStateResponse, "", ""},
        {"ec2", "AttachVolume", 4, kMachines, kWrite, kManagement,
         R"({"volumeId":"$volume","instanceId":"$instance","device":"/dev/sdf","deleteOnTermination":false})",
         R"({"requestId":"$uuid","volumeId":"$volume","instanceId":"$instance","device":"/dev/sdf","status":"attaching","attachTime":1768212000000,"deleteOnTermination":false})",
         "", ""},
        {"ec2", "CreateTags", 14, kMachines, kWrite, kManagement,
         R"({"resourcesSet":{"items":[{"resourceId":"$instance"}]},"tagSet":{"items":[{"key":"Name","value":"worker-$number"},{"key":"cost-centre","value":"$small"}]}})",
         R"({"requestId":"$uuid","_return":true})", "", ""},
        {"ec2", "AuthorizeSecurityGroupIngress", 3, kPeople, kWrite, kManagement,
         R"({"groupId":"$group","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"203.0.113.0/24","description":"office"}]},"ipv6Ranges":{},"prefixListIds":{}}]}})",
         R"({"requestId":"$uuid","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"$account","groupId":"$group","securityGroupRuleId":"sgr-0$hex17","isEgress":false,"ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"203.0.113.0/24"}]}})",
         "", ""},
        {"logs", "CreateLogStream", 60, kMachines, kWrite, kManagement,
         R"({"logGroupName":"/aws/lambda/$function","logStreamName":"2026/01/12/[LATEST]$hex17$hex17"})",
         "", "", ""},
        {"lambda", "UpdateFunctionCode20150331v2", 4, kMachines, kWrite, kManagement,
         R"({"functionName":"$function","s3Bucket":"$bucket","s3Key":"builds/$hex8.zip","publish":true,"dryRun":false})",
         R"({"functionName":"$function","functionArn":"arn:aws:lambda:$region:$account:function:$function","runtime":"python3.12","role":"arn:aws:iam::$account:role/service/$role","handler":"app.handler","codeSize":$number,"timeout":30,"memorySize":512,"lastModified":"$time","codeSha256":"$code40","version":"$small","environment":{},"architectures":["arm64"],"revisionId":"$uuid"})",
         "", ""},
        {"ssm", "UpdateInstanceInformation", 35, kMachines, kWrite, kManagement,
         R"({"instanceId":"$instance","agentVersion":"3.3.1345.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.3.17","computerName":"ip-10-0-3-17.ec2.internal","agentName":"amazon-ssm-agent","availabilityZone":"$zone","sSMConnectionChannel":"ssmmessages"})",
         "", "", ""},
        {"s3", "PutBucketTagging", 2, kPeople, kWrite, kManagement,
         R"({"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","tagging":"","Tagging":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","TagSet":{"Tag":[{"Key":"team","Value":"platform"},{"Key":"owner","Value":"$person"}]}}})",
         "", kBucketResource, kS3Additional},
        {"rds", "CreateDBSnapshot", 3, kServices, kWrite,
         kManagement, R"({"dBInstanceIdentifier":"$table","dBSnapshotIdentifier":"$table-$hex8","tags":[{"key":"backup","value":"daily"}]})", R"({"dBSnapshotIdentifier":"$table-$hex8","dBInstanceIdentifier":"$table","engine":"postgres","allocatedStorage":100,"status":"creating","port":5432,"availabilityZone":"$zone","masterUsername":"administrator","engineVersion":"16.4","licenseModel":"postgresql-license","snapshotType":"manual","percentProgress":0,"storageType":"gp3","encrypted":true,"kmsKeyId":"arn:aws:kms:$region:$account:key/$key","dBSnapshotArn":"arn:aws:rds:$region:$account:snapshot:$table-$hex8"})",
         "", ""},
        {"iam", "CreateRole", 2, kMachines, kWrite, kManagement,
         R"({"roleName":"$role-$hex8","path":"/service/","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"})",
         R"({"role":{"path":"/service/","roleName":"$role-$hex8","roleId":"AROA$upper16","arn":"arn:aws:iam::$account:role/service/$role-$hex8","createDate":"Jan 12, 2026 9:14:00 AM","assumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%7D"}})",
         "", ""},
};

}  // namespace

std::span<const EventKind> event_kinds() { return kKinds; }

}  // namespace trailsql::make_logs
