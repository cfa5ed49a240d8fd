// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.codec.address.MailAddress;
import java.util.Locale;

/**
 * How addresses look among a program's arguments.
 * Thread: any (a value).
 *
 * @param quotes flag {@code q}: local parts of whole addresses are quoted where SMTP would have them so
 * @param foldsLocalPart flag {@code u}: to lower case
 * @param foldsDomain flag {@code h}: the same, also of next hops
 */
record AddressForm(boolean quotes, boolean foldsLocalPart, boolean foldsDomain) {
    String whole(MailAddress address) {
        String text = address.isNull() ? "" : quotes ? address.external() : plain(address);
        int at = text.lastIndexOf('@');
        return at < 0
                ? folded(text, foldsLocalPart)
                : folded(text.substring(0, at), foldsLocalPart) + '@' + folded(text.substring(at + 1), foldsDomain);
    }

    String sender(MailAddress address) {
        return quotes && !address.isNull() ? address.external() : plain(address);
    }

    String localPart(MailAddress address) {
        return folded(address.localPart(), foldsLocalPart);
    }

    String domain(String domain) {
        return folded(domain, foldsDomain);
    }

    private static String plain(MailAddress address) {
        return address.domain().isEmpty() ? address.localPart() : address.localPart() + '@' + address.domain();
    }

    private static String folded(String text, boolean folds) {
        return folds ? text.toLowerCase(Locale.ROOT) : text;
    }
}
