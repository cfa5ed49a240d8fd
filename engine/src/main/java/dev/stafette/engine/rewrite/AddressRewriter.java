// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;

/**
 * Gives an envelope address its complete form, and follows old ways of writing a route into the local part.
 * Thread: any (it does not change).
 */
public final class AddressRewriter {
    /** {@code a%b%c%d}: more hops than this are nobody's address. */
    private static final int HOPS_MAX = 10;

    private final AddressClasses classes;
    private final String origin;
    private final String domain;
    private final boolean appendOrigin;
    private final boolean appendDomain;
    private final boolean swapBang;
    private final boolean percentHack;

    private AddressRewriter(
            AddressClasses classes,
            String origin,
            String domain,
            boolean appendOrigin,
            boolean appendDomain,
            boolean swapBang,
            boolean percentHack) {
        this.classes = classes;
        this.origin = origin;
        this.domain = domain;
        this.appendOrigin = appendOrigin;
        this.appendDomain = appendDomain;
        this.swapBang = swapBang;
        this.percentHack = percentHack;
    }

    public static AddressRewriter of(Settings settings, AddressClasses classes) {
        return new AddressRewriter(
                classes,
                settings.text("myorigin"),
                settings.text("mydomain"),
                settings.flag("append_at_myorigin"),
                settings.flag("append_dot_mydomain"),
                settings.flag("swap_bangpath"),
                settings.flag("allow_percent_hack"));
    }

    /** For tests and for messages of our own. */
    public static AddressRewriter of(String origin, AddressClasses classes) {
        return new AddressRewriter(classes, origin, "", true, false, true, true);
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
        boolean dotted = address.domain().indexOf('.') >= 0 || address.domain().charAt(0) == '[';
        return dotted || !appendDomain ? address : MailAddress.of(address.localPart(), address.domain() + '.' + domain);
    }

    private MailAddress withDomain(String text) {
        int bang = swapBang ? text.indexOf('!') : -1;
        if (bang > 0 && bang < text.length() - 1 && isDomain(text.substring(0, bang))) {
            return complete(MailAddress.of(text.substring(bang + 1), text.substring(0, bang)));
        }
        int percent = percentHack ? text.lastIndexOf('%') : -1;
        if (percent > 0 && isDomain(text.substring(percent + 1))) {
            return complete(MailAddress.of(text.substring(0, percent), text.substring(percent + 1)));
        }
        return appendOrigin ? MailAddress.of(text, origin) : MailAddress.of(text, "");
    }

    /** What stood in a local part may be anything. */
    private static boolean isDomain(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c > 0x80 || Character.isLetterOrDigit(c) || "-._".indexOf(c) >= 0);
    }

    /**
     * The local part may name another domain, for this host or a later one to go to: whoever may not relay must not be
     * heard here, even if the domain is ours (allow_untrusted_routing).
     */
    public static boolean isRouted(MailAddress address) {
        String localPart = address.localPart();
        return localPart.indexOf('%') >= 0 || localPart.indexOf('!') >= 0 || localPart.indexOf('@') >= 0;
    }

    /** As {@link #complete}, and {@code user%there@here} becomes {@code user@there}. */
    public MailAddress follow(MailAddress address) {
        MailAddress at = complete(address);
        for (int hop = 0; hop < HOPS_MAX && isRouted(at) && classes.classOf(at) == AddressClass.LOCAL; hop++) {
            MailAddress next = next(at.localPart());
            if (next.localPart().equals(at.localPart())) {
                break;
            }
            at = next;
        }
        return at;
    }

    private MailAddress next(String localPart) {
        // Looking inside quotes: what the local part means is not for its writer to hide (resolve_dequoted_address).
        int separator = localPart.lastIndexOf('@');
        return separator > 0 && isDomain(localPart.substring(separator + 1))
                ? complete(MailAddress.of(localPart.substring(0, separator), localPart.substring(separator + 1)))
                : withDomain(localPart);
    }
}
