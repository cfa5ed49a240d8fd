// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.checks.CheckTables;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says about messages as they come in.
 * Thread: any (a value).
 *
 * @param hostName {@code myhostname}
 * @param mailName {@code mail_name}: what the mail system is called
 * @param hopCountMax {@code hopcount_limit}: a message with as many Received fields is in a loop
 * @param headerBytesMax {@code header_size_limit}: of one header field; 0: no limit
 * @param addresses what becomes of those in envelope and header
 * @param fromIsObsolete {@code header_from_format}: the name in a comment behind the address
 * @param dropped {@code message_drop_headers}
 * @param completesAll {@code always_add_missing_headers}: not only what comes from one of us
 * @param undisclosed {@code undisclosed_recipients_header}: the field in place of those of recipients; empty: none
 * @param detectsSmtpUtf8 {@code smtputf8_autodetect_classes}: mail that comes in these ways may need SMTPUTF8 without saying so
 * @param contentFilter {@code content_filter}: where all recipients' mail goes first; empty: its own ways
 * @param checks what is looked for in the content; null: nothing
 * @param milterChecks what is looked for in the fields that milters add; null: nothing
 * @param keepsOrigin somebody whom mail is sent to will be told whom it came from first: a server by XFORWARD, or a program
 * @param steps what is done to a message before it enters the queue
 */
public record IntakeSettings(
        String hostName,
        String mailName,
        int hopCountMax,
        int headerBytesMax,
        AddressRules addresses,
        boolean fromIsObsolete,
        DroppedFields dropped,
        boolean completesAll,
        String undisclosed,
        Set<Entrance> detectsSmtpUtf8,
        String contentFilter,
        @Nullable ContentRules checks,
        @Nullable CheckTables milterChecks,
        boolean keepsOrigin,
        IntakeSteps steps) {
    /** With addresses that stay as they are. */
    public IntakeSettings(String hostName, int hopCountMax, int headerBytesMax) {
        this(
                hostName,
                "Stafette",
                hopCountMax,
                headerBytesMax,
                AddressRules.NONE,
                false,
                DroppedFields.DEFAULT,
                false,
                "",
                Set.of(),
                "",
                null,
                null,
                false,
                IntakeSteps.ALL);
    }

    /** {@code settings}: of the cleanup service. {@code tables}: opens those of its lists. */
    static IntakeSettings of(Settings settings, ListTables tables, boolean keepsOrigin) {
        return new IntakeSettings(
                settings.text("myhostname"),
                settings.text("mail_name"),
                settings.count("hopcount_limit"),
                settings.count("header_size_limit"),
                AddressRules.of(settings, tables),
                settings.choice("header_from_format").equals("obsolete"),
                DroppedFields.of(settings.words("message_drop_headers")),
                settings.flag("always_add_missing_headers"),
                undisclosed(settings),
                detected(settings),
                "",
                ContentRules.of(settings, tables),
                CheckTables.of(settings, "milter_header_checks", tables),
                keepsOrigin,
                steps(TlsDemandStep.of(settings)));
    }

    private static IntakeSteps steps(@Nullable TlsDemandStep demands) {
        return demands == null ? IntakeSteps.ALL : IntakeSteps.ALL.and(demands);
    }

    private static String undisclosed(Settings settings) {
        String field = settings.text("undisclosed_recipients_header");
        if (!field.isEmpty() && !field.matches("[!-9;-~]+[ \t]*:.*")) {
            throw settings.bad("undisclosed_recipients_header", "name: value");
        }
        return field;
    }

    private static Set<Entrance> detected(Settings settings) {
        Set<Entrance> detected = EnumSet.noneOf(Entrance.class);
        for (String word : settings.words("smtputf8_autodetect_classes")) {
            switch (word) {
                case "all" -> detected.addAll(EnumSet.allOf(Entrance.class));
                // Mail that comes in again has been looked at before.
                case "sendmail" -> detected.addAll(EnumSet.of(Entrance.SUBMISSION, Entrance.REQUEUE));
                case "smtpd", "qmqpd" -> detected.add(Entrance.SMTP);
                case "bounce", "notify" -> detected.add(Entrance.REPORT);
                case "verify" -> detected.add(Entrance.PROBE);
                case "forward" -> detected.add(Entrance.FORWARD);
                default ->
                    throw settings.bad(
                            "smtputf8_autodetect_classes",
                            "some of sendmail, smtpd, qmqpd, forward, bounce, notify, verify, all");
            }
        }
        return detected;
    }

    /** The same, without maps of addresses (receive_override_options=no_address_mappings). */
    IntakeSettings withoutMaps() {
        return with(addresses.withoutMaps(), contentFilter, checks, steps);
    }

    /** The same, with mail that goes to {@code transport:nexthop} first. */
    public IntakeSettings withContentFilter(String transportAndNextHop) {
        return with(addresses, transportAndNextHop, checks, steps);
    }

    /** The same, with content that nobody looks into (receive_override_options=no_header_body_checks). */
    public IntakeSettings withoutChecks() {
        return with(addresses, contentFilter, null, steps);
    }

    /** The same, with one more step at the end. */
    IntakeSettings withLastStep(IntakeStep step) {
        return with(addresses, contentFilter, checks, steps.and(step));
    }

    /** The same, with one more step before all others. */
    IntakeSettings withFirstStep(IntakeStep step) {
        return with(addresses, contentFilter, checks, steps.after(step));
    }

    /** The same, with one more step in front of those that look at what all others have made of a message. */
    public IntakeSettings inspectedBy(IntakeStep step) {
        return with(addresses, contentFilter, checks, steps.inspectedBy(step));
    }

    /** The same for messages that go to {@code taker} and not into the queue. */
    public IntakeSettings takenBy(IntakeStep taker) {
        return with(addresses, "", null, steps.ofTaker(taker));
    }

    private IntakeSettings with(
            AddressRules rules, String filter, @Nullable ContentRules looksFor, IntakeSteps wanted) {
        return new IntakeSettings(
                hostName,
                mailName,
                hopCountMax,
                headerBytesMax,
                rules,
                fromIsObsolete,
                dropped,
                completesAll,
                undisclosed,
                detectsSmtpUtf8,
                filter,
                looksFor,
                milterChecks,
                keepsOrigin,
                wanted);
    }
}
