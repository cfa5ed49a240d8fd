// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.spf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record of a domain (RFC 7208 §4.5, §4.6.1).
 * Thread: any (a value).
 *
 * @param terms in their order
 * @param redirect whose record holds where none of them matches; null: nobody's
 * @param explanation where a text for a refusal is; null: nowhere
 * @param mistake why it is none; empty: it is one
 */
public record SpfRecord(
        List<SpfTerm> terms,
        @Nullable MacroText redirect,
        @Nullable MacroText explanation,
        String mistake) {
    private static final String VERSION = "v=spf1";
    private static final Pattern MODIFIER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.*)");
    private static final Pattern DIRECTIVE = Pattern.compile("([+?~-]?)([A-Za-z0-9]+)(.*)");
    private static final Pattern LENGTHS = Pattern.compile("(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?");
    private static final Pattern TARGET = Pattern.compile("(?::(.*?))?((?:/[0-9]+)?(?://[0-9]+)?)");
    private static final Pattern IP4 = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?:/(0|[1-9][0-9]?))?");
    private static final Pattern IP6 = Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/(0|[1-9][0-9]{0,2}))?");

    public SpfRecord {
        terms = List.copyOf(terms);
    }

    /** Whether a TXT record is one of SPF. */
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /** {@code text}: {@link #isOne}. */
    public static SpfRecord parse(String text) {
        Reading reading = new Reading();
        for (String term : text.substring(VERSION.length()).split(" ")) {
            if (!term.isEmpty() && !reading.add(term)) {
                return new SpfRecord(List.of(), null, null, "'" + term + "'");
            }
        }
        return new SpfRecord(reading.terms, reading.redirect, reading.explanation, "");
    }

    /** A record while it is read. */
    private static final class Reading {
        private final List<SpfTerm> terms = new ArrayList<>();
        private @Nullable MacroText redirect;
        private @Nullable MacroText explanation;

        /** False: it is none. */
        boolean add(String term) {
            Matcher modifier = MODIFIER.matcher(term);
            if (modifier.matches()) {
                return addModifier(modifier.group(1).toLowerCase(Locale.ROOT), modifier.group(2));
            }
            SpfTerm directive = directive(term);
            if (directive == null) {
                return false;
            }
            terms.add(directive);
            return true;
        }

        private boolean addModifier(String name, String value) {
            switch (name) {
                case "redirect" -> {
                    boolean isFirst = redirect == null;
                    redirect = MacroText.parseDomain(value);
                    return isFirst && redirect != null;
                }
                case "exp" -> {
                    boolean isFirst = explanation == null;
                    explanation = MacroText.parseDomain(value);
                    return isFirst && explanation != null;
                }
                default -> {
                    return MacroText.parse(value) != null;
                }
            }
        }

        private static @Nullable SpfTerm directive(String term) {
            Matcher parts = DIRECTIVE.matcher(term);
            if (!parts.matches()) {
                return null;
            }
            SpfMechanism mechanism = SpfMechanism.named(parts.group(2));
            if (mechanism == null) {
                return null;
            }
            String qualifier = parts.group(1);
            SpfResult result = SpfResult.ofQualifier(qualifier.isEmpty() ? '+' : qualifier.charAt(0));
            String rest = parts.group(3);
            return switch (mechanism) {
                case ALL -> rest.isEmpty() ? term(result, mechanism, null) : null;
                case INCLUDE, EXISTS -> rest.startsWith(":") ? named(result, mechanism, rest.substring(1)) : null;
                case PTR ->
                    rest.isEmpty()
                            ? term(result, mechanism, null)
                            : rest.startsWith(":") ? named(result, mechanism, rest.substring(1)) : null;
                case A, MX -> hosts(result, mechanism, rest);
                case IP4 -> network(result, mechanism, rest, IP4, SpfTerm.BITS4_MAX);
                case IP6 -> network(result, mechanism, rest, IP6, SpfTerm.BITS6_MAX);
            };
        }

        private static SpfTerm term(SpfResult result, SpfMechanism mechanism, @Nullable MacroText domain) {
            return new SpfTerm(result, mechanism, domain, null, SpfTerm.BITS4_MAX, SpfTerm.BITS6_MAX);
        }

        private static @Nullable SpfTerm named(SpfResult result, SpfMechanism mechanism, String domain) {
            MacroText name = MacroText.parseDomain(domain);
            return name == null ? null : term(result, mechanism, name);
        }

        private static @Nullable SpfTerm hosts(SpfResult result, SpfMechanism mechanism, String rest) {
            Matcher target = TARGET.matcher(rest);
            if (!target.matches()) {
                return null;
            }
            MacroText name = target.group(1) == null ? null : MacroText.parseDomain(target.group(1));
            Matcher lengths = LENGTHS.matcher(target.group(2));
            if (target.group(1) != null && name == null || !lengths.matches()) {
                return null;
            }
            int bits4 = bits(lengths.group(1), SpfTerm.BITS4_MAX);
            int bits6 = bits(lengths.group(2), SpfTerm.BITS6_MAX);
            return bits4 > SpfTerm.BITS4_MAX || bits6 > SpfTerm.BITS6_MAX
                    ? null
                    : new SpfTerm(result, mechanism, name, null, bits4, bits6);
        }

        private static int bits(@Nullable String text, int otherwise) {
            return text == null ? otherwise : Integer.parseInt(text);
        }

        private static @Nullable SpfTerm network(
                SpfResult result, SpfMechanism mechanism, String rest, Pattern form, int bitsMax) {
            Matcher parts = form.matcher(rest.startsWith(":") ? rest.substring(1) : "");
            if (!parts.matches()) {
                return null;
            }
            InetAddress address = address(parts.group(1), bitsMax / Byte.SIZE);
            int bits = bits(parts.group(2), bitsMax);
            return address == null || bits > bitsMax ? null : new SpfTerm(result, mechanism, null, address, bits, bits);
        }

        /** The text has nothing but digits, dots and colons: no name is looked up. */
        private static @Nullable InetAddress address(String text, int bytes) {
            if (bytes == SpfTerm.BITS4_MAX / Byte.SIZE) {
                return address4(text);
            }
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                return null;
            }
        }

        private static @Nullable InetAddress address4(String text) {
            byte[] bytes = new byte[SpfTerm.BITS4_MAX / Byte.SIZE];
            String[] parts = text.split("\\.");
            for (int i = 0; i < bytes.length; i++) {
                int part = Integer.parseInt(parts[i]);
                if (part > 0xff) {
                    return null;
                }
                bytes[i] = (byte) part;
            }
            try {
                return InetAddress.getByAddress(bytes);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }
    }
}
