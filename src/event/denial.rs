//! How AWS says that a call was refused for lack of permission.
//!
//! One table for every command: `--denied`, and the words by which records are left unparsed.

/// Parts of error codes that say so, in whatever case. A code counts that holds one of them, so that `Client.` before
/// it, `Exception` behind it and the name of another service in front of it do not matter.
const CODES: [&str; 20] = [
    // Nearly every service: `AccessDenied`, `AccessDeniedException`, `VpceAccessDenied`, `KMS.AccessDeniedException`,
    // `KMSAccessDeniedFault`, `S3AccessDeniedException` (Common errors of the API references).
    "AccessDenied",
    // EC2 `Client.UnauthorizedOperation`, IAM Identity Center `UnauthorizedException`, `UnauthorizedAccess…`.
    "Unauthorized",
    "Unauthorised",
    // As reasons are written.
    "ACCESS_DENIED",
    "NOT_AUTHORIZED",
    // `NotAuthorized` of the query protocols' common errors, Cognito and IoT `NotAuthorizedException`.
    "NotAuthorized",
    // API Gateway, OpenSearch, WorkMail: `ForbiddenException`; S3 answers HEAD with it.
    "Forbidden",
    // SNS `AuthorizationError` and `AuthorizationErrorException` (SNS API reference, Common errors).
    "AuthorizationError",
    // STS and others: a filter or an authorizer in front of the service said no.
    "AuthorizationException",
    "AuthorizationFailed",
    // Redshift, QuickSight, Lake Formation, Service Quotas.
    "InsufficientPrivilege",
    "InsufficientPermission",
    "PermissionDenied",
    "NoPermission",
    // CloudTrail: `InsufficientDependencyServiceAccessPermissionException`, and its policies of buckets and keys
    // that let nothing be written (`InsufficientS3BucketPolicyException`).
    "AccessPermission",
    "InsufficientS3BucketPolicy",
    // S3: all access to the object or bucket was disabled (S3 API reference, Error responses).
    "AllAccessDisabled",
    // Marketplace and license services: no entitlement to what is asked for.
    "EntitlementDenied",
    // EC2: "You may not be authorized to carry out the request" (EC2 API reference, Client error codes).
    "AuthFailure",
    "Client.OperationNotPermitted",
];

/// What messages say whatever the code is: `User: … is not authorized to perform: …`, and of GuardDuty `the caller is
/// not authorized to call this API`.
const MESSAGES: [&str; 3] = ["not authorized to ", "not authorised to ", "is not authorized for "];

/// Words of which one stands in every record of a call that was refused for lack of permission.
pub fn denied_words() -> impl Iterator<Item = &'static str> {
    // Of the message one word that stands on one line, however it is broken.
    CODES.into_iter().chain(["authorized", "authorised"])
}

/// Returns whether an error code says that permission was lacking.
pub fn is_denial(code: &str) -> bool {
    CODES.iter().any(|word| has_words(code, word))
}

/// Returns whether an error message says so.
pub(super) fn is_refusal(message: &str) -> bool {
    MESSAGES.iter().any(|words| has_words(message, words))
}

/// Whether a text holds words, in whatever case.
fn has_words(text: &str, words: &str) -> bool {
    text.as_bytes().windows(words.len()).any(|it| it.eq_ignore_ascii_case(words.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_many_services_are_denials() {
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "Client.UnauthorizedOperation",
            "UnauthorizedOperation",
            "AuthorizationError",
            "AuthorizationErrorException",
            "InsufficientPrivilegesException",
            "AllAccessDisabled",
            "NotAuthorizedException",
            "UnauthorizedAccess",
            "ForbiddenException",
            "VpceAccessDenied",
            "KMS.AccessDeniedException",
            "EntitlementDeniedException",
            "Client.AuthFailure",
            "UNAUTHORIZED",
            "InsufficientDependencyServiceAccessPermissionException",
            "InsufficientS3BucketPolicyException",
        ] {
            assert!(is_denial(code), "{code}");
        }
        for code in [
            "NoSuchBucket",
            "AuthorizationNotFound",
            "InvalidAuthorizationMessageException",
            "ThrottlingException",
        ] {
            assert!(!is_denial(code), "{code}");
        }
        assert!(is_refusal("User: arn:aws:iam::1:user/a is not authorized to perform: x:Y"));
        assert!(is_refusal("You are not Authorized to perform this operation."));
        assert!(is_refusal("The request is rejected because the caller is not authorized to call this API."));
        assert!(!is_refusal("authorized"));
    }
}
