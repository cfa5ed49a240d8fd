// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.List;

/**
 * A message, and what becomes of it.
 *
 * @param from the address of loopback that it is handed in from
 * @param header its fields
 * @param outcome lines with their keys, as {@link MailFile} has them
 */
record MailCase(
        String title, String from, String sender, List<String> recipients, List<String> header, List<String> outcome) {
    MailCase withOutcome(List<String> lines) {
        return new MailCase(title, from, sender, recipients, header, lines);
    }
}
