// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import java.util.List;
import java.util.stream.Stream;

/**
 * The restrictions by name, those that are called otherwise today among them: a new one is a class and a row here.
 * Thread: any.
 */
final class RestrictionTable {
    static final String UNLISTED_SENDER = "reject_unlisted_sender";
    static final String UNLISTED_RECIPIENT = "reject_unlisted_recipient";

    /** One check by its name. */
    record Row(String name, Argument argument, Maker maker) {}

    /** Makes a check of its argument, which is empty where it takes none, for a list of that stage. */
    interface Maker {
        Restriction make(String argument, RestrictionStage stage, RestrictionParser parser);
    }

    /** Of a check without an argument. */
    private interface SimpleMaker {
        Restriction make(RestrictionParts parts);
    }

    private static final List<Row> GENERIC = List.of(
            row("permit", parts -> new FixedVerdict(Verdict.OK)),
            row("reject", parts -> RejectAll.reject(parts.code("reject_code"))),
            row("defer", parts -> RejectAll.defer(parts.code("defer_code"))),
            row("defer_if_permit", parts -> RejectAll.deferIfPermit()),
            row("defer_if_reject", parts -> RejectAll.deferIfReject()),
            row("reject_unauth_pipelining", parts -> new UnauthPipelining()),
            row("reject_plaintext_session", parts -> new PlaintextSession(parts.code("plaintext_reject_code"))),
            row(
                    "reject_multi_recipient_bounce",
                    parts -> new MultiRecipientBounce(parts.code("multi_recipient_bounce_reject_code"))),
            new Row("check_policy_service", Argument.SERVER, PolicyCheck::of),
            new Row("sleep", Argument.SECONDS, (seconds, stage, parser) -> Pause.of(seconds)));

    private static final List<Row> CLIENT = List.of(
            row("permit_inet_interfaces", parts -> new PermitInetInterfaces(parts.classes())),
            row("permit_mynetworks", parts -> new PermitMyNetworks()),
            row("permit_sasl_authenticated", PermitLogin::of),
            row("permit_tls_clientcerts", PermitCertificate::listed),
            row("permit_tls_all_clientcerts", PermitCertificate::trusted),
            row("reject_unknown_client_hostname", UnknownClientName::verified),
            row("reject_unknown_client", UnknownClientName::verified),
            row("reject_unknown_reverse_client_hostname", UnknownClientName::reverse),
            access("check_client_access", Subject.CLIENT),
            access("check_reverse_client_hostname_access", Subject.REVERSE_CLIENT),
            new Row(
                    "check_sasl_access",
                    Argument.TABLE,
                    (spec, stage, parser) -> Unauthenticated.isLoginOffered(parser.parts())
                            ? new AccessCheck("check_sasl_access", Subject.LOGIN, spec, stage, parser)
                            : Unauthenticated.noLogin("check_sasl_access")),
            new Row(
                    "check_ccert_access",
                    Argument.TABLE,
                    (spec, stage, parser) -> PermitCertificate.areAsked(parser.parts())
                            ? new AccessCheck("check_ccert_access", Subject.CERTIFICATE, spec, stage, parser)
                            : PermitCertificate.notAsked("check_ccert_access")));

    private static final List<Row> HELO = List.of(
            access("check_helo_access", Subject.HELO),
            row("reject_invalid_helo_hostname", HeloName::invalid),
            row("reject_invalid_hostname", HeloName::invalid),
            row("reject_non_fqdn_helo_hostname", HeloName::notFullyQualified),
            row("reject_non_fqdn_hostname", HeloName::notFullyQualified),
            row("permit_naked_ip_address", HeloName::nakedAddress));

    private static final List<Row> SENDER = List.of(
            access("check_sender_access", Subject.SENDER),
            row(UNLISTED_SENDER, parts -> parts.existence()::ofSender),
            row("reject_unverified_sender", UnverifiedAddress::sender),
            row("reject_non_fqdn_sender", parts -> NonFqdnAddress.of(Subject.SENDER, parts)),
            senderLogin("reject_authenticated_sender_login_mismatch", SenderLogin.Whose.LOGGED_IN),
            senderLogin("reject_known_sender_login_mismatch", SenderLogin.Whose.OWNED_ADDRESS),
            senderLogin("reject_unauthenticated_sender_login_mismatch", SenderLogin.Whose.NOT_LOGGED_IN),
            senderLogin("reject_sender_login_mismatch", SenderLogin.Whose.ANYBODY));

    private static final List<Row> RECIPIENT = List.of(
            access("check_recipient_access", Subject.RECIPIENT),
            row("permit_auth_destination", parts -> new AuthDestination(AuthDestination.PERMITS)),
            row("reject_unauth_destination", parts -> new AuthDestination(parts.code("relay_domains_reject_code"))),
            row(
                    "defer_unauth_destination",
                    parts -> new AuthDestination(parts.code("relay_domains_reject_code") - 100)),
            row("check_relay_domains", RelayDomains::of),
            row("reject_unverified_recipient", UnverifiedAddress::recipient),
            row("reject_non_fqdn_recipient", parts -> NonFqdnAddress.of(Subject.RECIPIENT, parts)),
            row(UNLISTED_RECIPIENT, parts -> parts.existence()::ofRecipient),
            row("check_recipient_maps", parts -> parts.existence()::ofRecipient));

    private static final List<Row> ETRN = List.of(access("check_etrn_access", Subject.ETRN));

    static final List<Row> ROWS = Stream.of(GENERIC, CLIENT, HELO, SENDER, RECIPIENT, ETRN, NameRows.ROWS)
            .flatMap(List::stream)
            .toList();

    private RestrictionTable() {}

    private static Row row(String name, SimpleMaker maker) {
        return new Row(name, Argument.NONE, (argument, stage, parser) -> maker.make(parser.parts()));
    }

    private static Row senderLogin(String name, SenderLogin.Whose whose) {
        return row(name, parts -> SenderLogin.of(name, whose, parts));
    }

    private static Row access(String name, Subject subject) {
        return new Row(
                name, Argument.TABLE, (spec, stage, parser) -> new AccessCheck(name, subject, spec, stage, parser));
    }
}
