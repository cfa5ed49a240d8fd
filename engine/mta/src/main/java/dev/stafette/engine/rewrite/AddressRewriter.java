// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.AddressAllowances;
import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Gives an envelope address its complete form, and follows old ways of writing a route into the local part.
 * Thread: any (it does not change).
 */
public final class AddressRewriter {
    private static final Forms USUAL = new Forms(true, false, true, true, true, AddressAllowances.NONE);

    private final AddressClasses classes;
    private final String origin;
    private final String domain;
    private final String nobody;
    private final String hostName;
    private final Forms forms;

    /** What is read into an address that is not complete. */
    private record Forms(
            boolean appendOrigin,
            boolean appendDomain,
            boolean swapBang,
            boolean percentHack,
            boolean dequoted,
            AddressAllowances allowances) {
        static Forms of(Settings settings) {
            return new Forms(
                    settings.flag("append_at_myorigin"),
                    settings.flag("append_dot_mydomain"),
                    settings.flag("swap_bangpath"),
                    settings.flag("allow_percent_hack"),
                    settings.flag("resolve_dequoted_address"),
                    settings.addressAllowances());
        }
    }

    /**
     * @param nobody who is meant by a local part without a letter (empty_address_recipient)
     * @param hostName where that is, for the null address
     */
    private AddressRewriter(
            AddressClasses classes, String origin, String domain, String nobody, String hostName, Forms forms) {
        this.classes = classes;
        this.origin = origin;
        this.domain = domain;
        this.nobody = nobody;
        this.hostName = hostName;
        this.forms = forms;
    }

    /** {@code settings}: those of the resolver, as are {@code classes}. */
    public static AddressRewriter of(Settings settings, AddressClasses classes) {
        return new AddressRewriter(
                classes,
                settings.text("myorigin"),
                settings.text("mydomain"),
                settings.text("empty_address_recipient"),
                settings.text("myhostname"),
                Forms.of(settings));
    }

    /**
     * For headers of mail that was not written here; null: their addresses stay.
     *
     * @param remote remote_header_rewrite_domain
     */
    public static @Nullable AddressRewriter ofRemote(String remote, Settings settings, AddressClasses classes) {
        return remote.isEmpty()
                ? null
                : new AddressRewriter(
                        classes,
                        remote,
                        remote,
                        settings.text("empty_address_recipient"),
                        settings.text("myhostname"),
                        Forms.of(settings));
    }

    /** For tests and for messages of our own. */
    public static AddressRewriter of(String origin, AddressClasses classes) {
        return new AddressRewriter(classes, origin, "", "MAILER-DAEMON", origin, USUAL);
    }

    /** Where mail for the null address goes, as main.cf has it. */
    public String nobodyText() {
        return nobody;
    }

    /** The same in its complete form. */
    MailAddress nobody() {
        MailAddress whom = AddressList.split(nobody);
        return whom.domain().isEmpty() ? MailAddress.of(whom.localPart(), hostName) : complete(whom);
    }

    /**
     * {@code user} becomes {@code user@$myorigin}; without a domain, {@code site!user} becomes {@code user@site} and
     * {@code user%domain} becomes {@code user@domain}. The null address stays.
     */
    public MailAddress complete(MailAddress address) {
        if (address.isNull()) {
            return address;
        }
        if (address.domain().isEmpty()) {
            return withDomain(address.localPart());
        }
        String given = address.domain();
        int length = given.length();
        if (length > 1 && given.charAt(length - 1) == '.' && given.charAt(length - 2) != '.') {
            return MailAddress.of(address.localPart(), given.substring(0, length - 1));
        }
        boolean dotted = given.indexOf('.') >= 0 || given.charAt(0) == '[';
        return dotted || !forms.appendDomain() || domain.isEmpty()
                ? address
                : MailAddress.of(address.localPart(), given + '.' + domain);
    }

    private MailAddress withDomain(String text) {
        int separator = MailAddress.needsQuotes(text) ? -1 : separator(text);
        MailAddress swapped = separator < 0 ? null : swap(MailAddress.of(text, ""), separator);
        if (swapped != null && !swapped.domain().isEmpty()) {
            return swapped;
        }
        return forms.appendOrigin() && !origin.isEmpty() ? MailAddress.of(text, origin) : MailAddress.of(text, "");
    }

    /**
     * The local part may name another domain, for this host or a later one to go to: whoever may not relay must not be
     * heard here, even if the domain is ours (allow_untrusted_routing).
     */
    public static boolean isRouted(MailAddress address) {
        String localPart = address.localPart();
        return localPart.indexOf('%') >= 0 || localPart.indexOf('!') >= 0 || localPart.indexOf('@') >= 0;
    }

    /** As {@link #complete}, and {@code user%there@here} becomes {@code user@there}, if that is an address. */
    public MailAddress follow(MailAddress address, Inquiry inquiry) {
        MailAddress target = resolve(address, inquiry);
        return target == null ? complete(address) : target;
    }

    /**
     * As {@link #follow}; null when it leads to no address, or to one that a command could take for an option
     * (allow_min_user).
     *
     * @param smtpUtf8 the domain may be in another script (RFC 6531 §3.3)
     */
    public @Nullable MailAddress tryFollow(MailAddress address, boolean smtpUtf8, Inquiry inquiry) {
        MailAddress target = resolve(address, inquiry);
        // Whoever read the address has looked at its own domain.
        if (target == null || !isRouted(address)) {
            return target;
        }
        boolean isOption =
                !forms.allowances().optionLike() && target.localPart().startsWith("-");
        boolean needsUtf8 = target.domain().chars().anyMatch(c -> c >= 0x80);
        return isOption || needsUtf8 && !smtpUtf8 ? null : target;
    }

    /** Null when the local part names something that is no domain. Each hop takes one separator away. */
    private @Nullable MailAddress resolve(MailAddress address, Inquiry inquiry) {
        MailAddress at = complete(address);
        while (isRouted(at) && classes.classOf(at, inquiry) == AddressClass.LOCAL) {
            int separator = separator(at.localPart());
            if (separator < 0) {
                return at;
            }
            MailAddress next = swap(at, separator);
            if (next == null) {
                return null;
            }
            at = next;
        }
        boolean isForNobody =
                at.localPart().isEmpty() && !at.isNull() && classes.classOf(at, inquiry) == AddressClass.LOCAL;
        return isForNobody ? MailAddress.of(nobody, at.domain()) : at;
    }

    /**
     * Where the domain parts from the rest; -1 when it names none. Quotes hide nothing, as what the local part means is not
     * for its writer to say, unless the configuration says so (resolve_dequoted_address).
     */
    private int separator(String localPart) {
        int bang = forms.swapBang() ? localPart.indexOf('!') : -1;
        int percent = forms.percentHack() ? localPart.lastIndexOf('%') : -1;
        if (!MailAddress.needsQuotes(localPart)) {
            return bang >= 0 ? bang : percent;
        }
        int at = forms.dequoted() ? localPart.lastIndexOf('@') : -1;
        if (at >= 0 || !forms.dequoted()) {
            return at;
        }
        if (percent >= 0) {
            return percent;
        }
        return bang >= 0 && AddressParser.hasSeparator(localPart, '!') ? bang : -1;
    }

    /** Null when what should be a domain is none; but a missing one is passed over as long as there is another. */
    private @Nullable MailAddress swap(MailAddress from, int separator) {
        String localPart = from.localPart();
        boolean isFirst = localPart.charAt(separator) == '!';
        String before = localPart.substring(0, separator);
        String behind = localPart.substring(separator + 1);
        String site = isFirst ? before : behind;
        String rest = isFirst ? behind : before;
        if (site.isEmpty()) {
            MailAddress same = MailAddress.of(rest, from.domain());
            String standIn = forms.allowances().nullDomain();
            if (isRouted(same) || standIn == null) {
                return isRouted(same) ? same : null;
            }
            return MailAddress.of(rest, standIn);
        }
        if (rest.isEmpty() && !isFirst && site.indexOf(':') >= 0) {
            // It has become a route.
            return complete(MailAddress.of(site.substring(site.indexOf(':') + 1), ""));
        }
        String name = forms.allowances().domain(site);
        return name == null ? null : complete(MailAddress.of(rest, name));
    }
}
