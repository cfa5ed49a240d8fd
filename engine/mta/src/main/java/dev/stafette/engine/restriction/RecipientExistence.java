// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether mail to an address has somewhere to go: {@code reject_unlisted_recipient}, {@code reject_unlisted_sender}.
 * Thread: any (it does not change).
 *
 * <pre>
 * it stands for another address (virtual_alias_maps ...)     exists
 * its route ends here: error, or retry                       does not, with the text of the route
 * its class has tables of all that exist, without it         does not
 * </pre>
 */
final class RecipientExistence {
    private final AddressClasses classes;
    private final Routes routes;
    private final AddressKeys keys;
    private final Aliases aliases;
    private final Map<AddressClass, ListedClass> listed;
    private final int unknownAliasCode;
    private final String doubleBounceSender;
    private final boolean isAsked;

    private RecipientExistence(
            AddressClasses classes,
            Routes routes,
            AddressKeys keys,
            Aliases aliases,
            Map<AddressClass, ListedClass> listed,
            int unknownAliasCode,
            String doubleBounceSender,
            boolean isAsked) {
        this.classes = classes;
        this.routes = routes;
        this.keys = keys;
        this.aliases = aliases;
        this.listed = new EnumMap<>(listed);
        this.unknownAliasCode = unknownAliasCode;
        this.doubleBounceSender = doubleBounceSender;
        this.isAsked = isAsked;
    }

    /** {@code classes}, {@code routes}: those of the resolver. {@code keys}: by which this service looks addresses up. */
    static RecipientExistence of(
            Settings settings, AddressClasses classes, Routes routes, AddressKeys keys, ListTables tables) {
        return new RecipientExistence(
                classes,
                routes,
                keys,
                Aliases.of(settings, tables),
                Map.of(
                        AddressClass.LOCAL,
                        ListedClass.of(
                                settings,
                                tables,
                                "local_recipient_maps",
                                "unknown_local_recipient_reject_code",
                                "local recipient table"),
                        AddressClass.VIRTUAL_MAILBOX,
                        ListedClass.of(
                                settings,
                                tables,
                                "virtual_mailbox_maps",
                                "unknown_virtual_mailbox_reject_code",
                                "virtual mailbox table"),
                        AddressClass.RELAY,
                        ListedClass.of(
                                settings,
                                tables,
                                "relay_recipient_maps",
                                "unknown_relay_recipient_reject_code",
                                "relay recipient table")),
                settings.count("unknown_virtual_alias_reject_code"),
                settings.text("double_bounce_sender"),
                !settings.words("receive_override_options").contains("no_unknown_recipient_checks"));
    }

    Verdict ofRecipient(Facts facts, Subject subject, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient == null || !isAsked || recipient.isReturn()) {
            return Verdict.DUNNO;
        }
        return check(recipient.target(), recipient.targetClass(), recipient.route(), Subject.RECIPIENT, facts, inquiry);
    }

    Verdict ofSender(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        if (sender == null || sender.isNull() || !isAsked) {
            return Verdict.DUNNO;
        }
        AddressClass of = classes.classOf(sender, inquiry);
        if (of == AddressClass.UNKNOWN || !routes.needsLook(of)) {
            return check(sender, of, null, Subject.SENDER, facts, inquiry);
        }
        Route route = routes.resolve(sender, MailAddress.NULL, inquiry);
        return check(sender, route == null ? AddressClass.UNKNOWN : of, route, Subject.SENDER, facts, inquiry);
    }

    private Verdict check(
            MailAddress given,
            AddressClass addressClass,
            @Nullable Route route,
            Subject subject,
            Facts facts,
            Inquiry inquiry) {
        if (addressClass == AddressClass.UNKNOWN) {
            return lookupFailed(subject, facts);
        }
        MailAddress address = AddressKeys.folded(given);
        List<Table> others = subject == Subject.SENDER ? aliases.ofSenders() : aliases.ofRecipients();
        Finding alias = keys.find(others, address, inquiry).answer().finding();
        if (alias != Finding.NOT_FOUND) {
            return alias == Finding.FOUND ? Verdict.DUNNO : lookupFailed(subject, facts);
        }
        if (route != null && Routes.isEnd(route)) {
            return refusal(route, addressClass, subject, facts);
        }
        ListedClass tables = listed.get(addressClass);
        if (tables == null
                || tables.tables().isEmpty()
                || addressClass == AddressClass.LOCAL && isAlwaysThere(address)) {
            return Verdict.DUNNO;
        }
        return switch (keys.find(tables.tables(), address, inquiry).answer().finding()) {
            case FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> lookupFailed(subject, facts);
            case NOT_FOUND ->
                Verdict.reject(facts.refusal(
                        subject,
                        tables.code(),
                        EnhancedStatus.of(tables.code() / 100, 1, subject == Subject.SENDER ? 0 : 1),
                        tables.text()));
        };
    }

    /** RFC 5321 §4.5.1, and whom notices come from. */
    private boolean isAlwaysThere(MailAddress address) {
        String name = address.localPart();
        return name.equalsIgnoreCase("postmaster")
                || name.equalsIgnoreCase("mailer-daemon")
                || name.equalsIgnoreCase(doubleBounceSender);
    }

    private Verdict refusal(Route route, AddressClass addressClass, Subject subject, Facts facts) {
        int code = route.transport().equals(Routes.RETRY) ? 450 : 550;
        if (code == 550 && addressClass == AddressClass.VIRTUAL_ALIAS) {
            code = unknownAliasCode;
        }
        EnhancedStatus said = EnhancedStatus.parsePrefix(route.nextHop());
        String text = said == null
                ? route.nextHop()
                : route.nextHop().substring(said.toString().length()).strip();
        SmtpReply reply = facts.refusal(subject, code, status(said, subject, code / 100), text);
        return Verdict.reject(reply);
    }

    /** What is said of a recipient's address is said of a sender's by another number (RFC 3463 §3.2), and the other way. */
    private static EnhancedStatus status(@Nullable EnhancedStatus said, Subject subject, int statusClass) {
        return said == null
                ? EnhancedStatus.of(statusClass, 1, subject == Subject.SENDER ? 0 : 1)
                : subject.fit(said).withClass(statusClass);
    }

    private static Verdict lookupFailed(Subject subject, Facts facts) {
        MailAddress sender = facts.sender();
        return subject == Subject.SENDER && sender != null
                ? Verdict.fault(Restrictions.lookupFailure(sender))
                : Restrictions.lookupFailed(facts);
    }

    /**
     * Tables whose keys stand for other addresses: whoever is there exists. For a sender, Postfix asks those of recipients,
     * too.
     */
    private record Aliases(List<Table> ofRecipients, List<Table> ofSenders) {
        static Aliases of(Settings settings, ListTables tables) {
            List<Table> all = new ArrayList<>(settings.tables("recipient_canonical_maps", tables));
            all.addAll(settings.tables("canonical_maps", tables));
            all.addAll(settings.tables("virtual_alias_maps", tables));
            List<Table> ofRecipients = List.copyOf(all);
            all.addAll(0, settings.tables("sender_canonical_maps", tables));
            return new Aliases(ofRecipients, List.copyOf(all));
        }
    }

    /**
     * A class whose addresses are in tables.
     *
     * @param tables empty: all addresses exist
     * @param code of the reply to one that does not
     */
    private record ListedClass(List<Table> tables, int code, String text) {
        static ListedClass of(
                Settings settings, ListTables tables, String parameter, String codeParameter, String tableName) {
            boolean showsTable = settings.flag("show_user_unknown_table_name");
            return new ListedClass(
                    List.copyOf(settings.tables(parameter, tables)),
                    settings.count(codeParameter),
                    "User unknown" + (showsTable ? " in " + tableName : ""));
        }
    }
}
