// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.MimeFault;
import dev.stafette.codec.message.MimeStructure;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for in the content of messages.
 * Thread: any (a value).
 *
 * @param header tables for the fields of a message's own header; null, as for the others: none
 * @param mime for those that tell of content (RFC 2045, RFC 2183), wherever they are, and for the headers of parts
 * @param nested for the headers of messages within
 * @param body for the lines of bodies
 * @param rejected characters for which a message is refused
 * @param stripped characters that it loses
 * @param faults of structure for which it is refused
 */
public record ContentRules(
        @Nullable CheckTables header,
        @Nullable CheckTables mime,
        @Nullable CheckTables nested,
        @Nullable CheckTables body,
        OctetSet rejected,
        OctetSet stripped,
        Set<MimeFault> faults,
        ContentLimits limits) {
    /** In lower case. */
    private static final List<String> MIME_NAMES = List.of(
            "content-description",
            "content-disposition",
            "content-id",
            "content-transfer-encoding",
            "content-type",
            "mime-version");

    /** What the settings of a cleanup service ask for; null: nothing. */
    public static @Nullable ContentRules of(Settings settings, ListTables tables) {
        CheckTables header = CheckTables.of(settings, "header_checks", tables);
        CheckTables mime = CheckTables.of(settings, "mime_header_checks", tables);
        CheckTables nested = CheckTables.of(settings, "nested_header_checks", tables);
        ContentRules rules = new ContentRules(
                header,
                mime,
                nested,
                CheckTables.of(settings, "body_checks", tables),
                OctetSet.of(settings, "message_reject_characters"),
                OctetSet.of(settings, "message_strip_characters"),
                faults(settings, header != null || mime != null || nested != null),
                ContentLimits.of(settings, settings.flag("disable_mime_input_processing"), true));
        return rules.isEmpty() ? null : rules;
    }

    private static Set<MimeFault> faults(Settings settings, boolean checksHeaders) {
        Set<MimeFault> faults = EnumSet.noneOf(MimeFault.class);
        if (settings.flag("disable_mime_input_processing")) {
            return faults;
        }
        boolean isStrict = settings.flag("strict_8bitmime");
        if (isStrict || settings.flag("strict_7bit_headers")) {
            faults.add(MimeFault.EIGHT_BIT_HEADER);
        }
        if (isStrict || settings.flag("strict_8bitmime_body")) {
            faults.add(MimeFault.EIGHT_BIT_BODY);
        }
        if (settings.flag("strict_mime_encoding_domain")) {
            faults.add(MimeFault.ENCODING);
        }
        if (checksHeaders || !faults.isEmpty()) {
            faults.add(MimeFault.NESTING);
        }
        return faults;
    }

    /** What a client changes on the way out; null: nothing. */
    public static @Nullable ContentRules ofClient(Settings settings, ListTables tables) {
        ContentRules rules = new ContentRules(
                CheckTables.of(settings, "smtp_header_checks", tables),
                CheckTables.of(settings, "smtp_mime_header_checks", tables),
                CheckTables.of(settings, "smtp_nested_header_checks", tables),
                CheckTables.of(settings, "smtp_body_checks", tables),
                OctetSet.NONE,
                OctetSet.NONE,
                EnumSet.noneOf(MimeFault.class),
                ContentLimits.of(settings, false, false));
        return rules.isEmpty() ? null : rules;
    }

    private boolean isEmpty() {
        return header == null
                && mime == null
                && nested == null
                && body == null
                && rejected.isEmpty()
                && stripped.isEmpty()
                && faults.isEmpty();
    }

    /** Lines of a body are of interest, and not only where its parts begin. */
    boolean readsBodies() {
        return body != null || !rejected.isEmpty() || !stripped.isEmpty() || faults.contains(MimeFault.EIGHT_BIT_BODY);
    }

    /** The tables for a field; null: none. */
    @Nullable
    CheckTables tablesFor(MimeStructure.Place place, String field) {
        if (place == MimeStructure.Place.PART_HEADER || isMimeField(field)) {
            return mime;
        }
        return place == MimeStructure.Place.NESTED_HEADER ? nested : header;
    }

    private static boolean isMimeField(String field) {
        char first = field.charAt(0);
        if (first != 'C' && first != 'c' && first != 'M' && first != 'm') {
            return false;
        }
        return MIME_NAMES.contains(field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT));
    }
}
