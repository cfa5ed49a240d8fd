// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.Locale;

/**
 * By which keys an address is looked up, and in which order: the one place for all tables that have addresses as keys.
 * Thread: any (it does not change).
 *
 * <pre>
 * {@link #find}        user+ext@domain  user@domain  user+ext  user  @domain
 * {@link #findRoute}   user+ext@domain  user@domain  domain  parent domains
 * {@link #findAccess}  user+ext@domain  user@domain  domain  parent domains  user+ext@  user@
 * </pre>
 * Each key is looked up in all tables before the next. The keys {@code user+ext} and {@code user} are for addresses of
 * this host alone. Tables of patterns are asked for the whole address, and for no part of it. A local part that needs
 * quotes is looked up with them first, then without.
 */
public final class AddressKeys {
    private static final String OWNER_PREFIX = "owner-";
    private static final String REQUEST_SUFFIX = "-request";

    private final AddressClasses classes;
    private final String origin;
    private final String delimiters;
    private final boolean keepsListNames;
    private final String doubleBounceSender;

    /**
     * @param origin {@code myorigin}, which is local for look-ups even if it is not in {@code mydestination}
     * @param delimiters {@code recipient_delimiter}: each of its characters is one
     * @param keepsListNames {@code owner_request_special}
     */
    public AddressKeys(
            AddressClasses classes,
            String origin,
            String delimiters,
            boolean keepsListNames,
            String doubleBounceSender) {
        this.classes = classes;
        this.origin = origin;
        this.delimiters = delimiters;
        this.keepsListNames = keepsListNames && delimiters.indexOf('-') >= 0;
        this.doubleBounceSender = doubleBounceSender;
    }

    public static AddressKeys of(Settings settings, AddressClasses classes) {
        return new AddressKeys(
                classes,
                settings.text("myorigin"),
                settings.text("recipient_delimiter"),
                settings.flag("owner_request_special"),
                settings.text("double_bounce_sender"));
    }

    /** For tables that say who exists, what becomes of an address, or what a sender gets. */
    public AddressMatch find(List<Table> tables, MailAddress address, Inquiry inquiry) {
        if (tables.isEmpty()) {
            return AddressMatch.NOT_FOUND;
        }
        AddressMatch found = findWhole(tables, address, inquiry);
        if (!isNext(found) || address.domain().isEmpty()) {
            return found;
        }
        Finding local = isOurs(address.domain(), inquiry);
        if (local == Finding.UNAVAILABLE) {
            return new AddressMatch(TableAnswer.unavailable("mydestination does not answer"), "");
        }
        if (local == Finding.FOUND) {
            found = findUser(tables, address, "", inquiry);
        }
        return isNext(found) ? inTables(tables, '@' + address.domain(), false, "", inquiry) : found;
    }

    /**
     * For {@code transport_maps}; the extension does not matter there.
     *
     * @param parentMatches a parent domain is looked up as it is, and else with a leading dot
     */
    public TableAnswer findRoute(List<Table> tables, MailAddress address, boolean parentMatches, Inquiry inquiry) {
        AddressMatch found = findWhole(tables, address, inquiry);
        return isNext(found) && !address.domain().isEmpty()
                ? findDomain(tables, address.domain(), parentMatches, inquiry)
                : found.answer();
    }

    /** For access tables, with {@code parentMatches} as above. */
    public TableAnswer findAccess(List<Table> tables, MailAddress address, boolean parentMatches, Inquiry inquiry) {
        TableAnswer found = findRoute(tables, address, parentMatches, inquiry);
        return found.finding() == Finding.NOT_FOUND && !address.domain().isEmpty()
                ? findUser(tables, address, "@", inquiry).answer()
                : found;
    }

    /** As smtpd has addresses by the time that it looks them up, which matters to tables of patterns. */
    public static MailAddress folded(MailAddress address) {
        String localPart = address.localPart().toLowerCase(Locale.ROOT);
        String domain = address.domainKey();
        boolean isSame = localPart.equals(address.localPart()) && domain.equals(address.domain());
        return isSame ? address : MailAddress.of(localPart, domain);
    }

    /** A key that is no address, such as the one that stands for the null sender. */
    public static TableAnswer findKey(List<Table> tables, String key, Inquiry inquiry) {
        return inTables(tables, key, true, "", inquiry).answer();
    }

    /** Where the extension starts, with its delimiter; the length of the local part if it has none. */
    public int userLength(String localPart) {
        int length = localPart.length();
        int at = 0;
        while (at < length && delimiters.indexOf(localPart.charAt(at)) < 0) {
            at++;
        }
        return at == 0 || at == length || isWhole(localPart) ? length : at;
    }

    /** Names that have their meaning as a whole. */
    private boolean isWhole(String localPart) {
        String name = localPart.toLowerCase(Locale.ROOT);
        return name.equals("postmaster")
                || name.equals("mailer-daemon")
                || localPart.equalsIgnoreCase(doubleBounceSender)
                || keepsListNames
                        && (name.startsWith(OWNER_PREFIX)
                                || name.length() > REQUEST_SUFFIX.length() && name.endsWith(REQUEST_SUFFIX));
    }

    private AddressMatch findWhole(List<Table> tables, MailAddress address, Inquiry inquiry) {
        AddressMatch found = quotedOrNot(tables, address, "", true, "", inquiry);
        String localPart = address.localPart();
        int userLength = isNext(found) ? userLength(localPart) : localPart.length();
        if (userLength == localPart.length()) {
            return found;
        }
        MailAddress user = MailAddress.of(localPart.substring(0, userLength), address.domain());
        return quotedOrNot(tables, user, "", false, localPart.substring(userLength), inquiry);
    }

    private AddressMatch findUser(List<Table> tables, MailAddress address, String suffix, Inquiry inquiry) {
        String localPart = address.localPart();
        AddressMatch found = quotedOrNot(tables, MailAddress.of(localPart, ""), suffix, false, "", inquiry);
        int userLength = isNext(found) ? userLength(localPart) : localPart.length();
        if (userLength == localPart.length()) {
            return found;
        }
        MailAddress user = MailAddress.of(localPart.substring(0, userLength), "");
        return quotedOrNot(tables, user, suffix, false, localPart.substring(userLength), inquiry);
    }

    private TableAnswer findDomain(List<Table> tables, String domain, boolean parentMatches, Inquiry inquiry) {
        TableAnswer found = inTables(tables, domain, false, "", inquiry).answer();
        int dot = domain.indexOf('.', 1);
        while (found.finding() == Finding.NOT_FOUND && dot >= 0 && dot < domain.length() - 1) {
            found = inTables(tables, domain.substring(parentMatches ? dot + 1 : dot), false, "", inquiry)
                    .answer();
            dot = domain.indexOf('.', dot + 1);
        }
        return found;
    }

    private Finding isOurs(String domain, Inquiry inquiry) {
        return domain.equalsIgnoreCase(origin) ? Finding.FOUND : classes.isLocal(domain, inquiry);
    }

    private static AddressMatch quotedOrNot(
            List<Table> tables,
            MailAddress address,
            String suffix,
            boolean isWhole,
            String extension,
            Inquiry inquiry) {
        String external = address.external();
        AddressMatch found = inTables(tables, external + suffix, isWhole, extension, inquiry);
        if (!isNext(found) || external.isEmpty() || external.charAt(0) != '"') {
            return found;
        }
        String domain = address.domain();
        String plain = domain.isEmpty() ? address.localPart() : address.localPart() + '@' + domain;
        return inTables(tables, plain + suffix, isWhole, extension, inquiry);
    }

    private static boolean isNext(AddressMatch found) {
        return found.answer().finding() == Finding.NOT_FOUND;
    }

    private static AddressMatch inTables(
            List<Table> tables, String key, boolean isWhole, String extension, Inquiry inquiry) {
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            if (isWhole || table.isFixedText()) {
                TableAnswer answer = table.lookup(key, inquiry);
                if (answer.finding() != Finding.NOT_FOUND) {
                    return new AddressMatch(checked(answer), extension);
                }
            }
        }
        return AddressMatch.NOT_FOUND;
    }

    /** An empty text is what broken queries give for what they did not find; Postfix does not go on with it, either. */
    private static TableAnswer checked(TableAnswer answer) {
        return answer.isFound() && answer.value().isEmpty()
                ? TableAnswer.unavailable("an empty text for a result")
                : answer;
    }
}
