// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import dev.stafette.engine.table.server.KeyTemplate;
import dev.stafette.engine.table.server.LookupKey;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.TableParameters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads what the source of an LDAP table says.
 * Thread: start-up and reload.
 */
final class LdapSource {
    private static final int DEFAULT_PORT = 389;
    private static final int TLS_PORT = 636;

    /** To ignore one could mean less security than was asked for. */
    private static final List<String> NOT_YET = List.of("tls_ca_cert_dir", "tls_cert", "tls_key", "tls_cipher_suite");

    private LdapSource() {}

    /** What to search for, and how. {@code filter}, {@code base}: with expansions. */
    record Query(
            KeyTemplate base,
            KeyTemplate filter,
            SearchScope scope,
            DereferencePolicy dereference,
            int sizeLimit,
            int recursionLimit) {}

    /** By what they mean, in lower case. */
    record Attributes(Set<String> result, Set<String> special, Set<String> terminal, Set<String> leaf) {
        String[] all() {
            Set<String> all = new LinkedHashSet<>(result);
            all.addAll(special);
            all.addAll(terminal);
            all.addAll(leaf);
            return all.toArray(new String[0]);
        }
    }

    static Query query(TableParameters parameters) {
        parameters.required("search_base");
        KeyTemplate filter = parameters.template("query_filter", "(mailacceptinggeneralid=%s)");
        check(filter, parameters);
        return new Query(
                parameters.template("search_base", ""),
                filter,
                scope(parameters),
                dereference(parameters),
                parameters.count("size_limit", parameters.count("expansion_limit", 0, 0), 0),
                parameters.count("recursion_limit", 1000, 1));
    }

    /** A filter that does not parse would only be found out by the first message. */
    private static void check(KeyTemplate filter, TableParameters parameters) {
        LookupKey example = new LookupKey("user@i.h.g.f.e.d.c.b.a");
        try {
            Filter.create(String.valueOf(filter.expand(example, LdapSource::quoteForFilter)));
        } catch (LDAPException e) {
            throw parameters.bad("query_filter", "a filter as in RFC 4515: " + e.getMessage());
        }
    }

    private static SearchScope scope(TableParameters parameters) {
        return switch (parameters.choice("scope", "sub", List.of("sub", "base", "one"))) {
            case "base" -> SearchScope.BASE;
            case "one" -> SearchScope.ONE;
            default -> SearchScope.SUB;
        };
    }

    private static DereferencePolicy dereference(TableParameters parameters) {
        int policy = parameters.count("dereference", 0, 0);
        if (policy > 3) {
            throw parameters.bad("dereference", "0 never, 1 when searching, 2 for the base, 3 always");
        }
        return DereferencePolicy.valueOf(policy);
    }

    static Attributes attributes(TableParameters parameters) {
        return new Attributes(
                lowerCase(parameters.words("result_attribute", "maildrop")),
                lowerCase(parameters.words("special_result_attribute", "")),
                lowerCase(parameters.words("terminal_result_attribute", "")),
                lowerCase(parameters.words("leaf_result_attribute", "")));
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new LinkedHashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    /** {@code host}, {@code host:port}, {@code ldap://host:port}, {@code ldaps://host:port} or {@code ldapi://%2Fpath}. */
    static List<ServerAddress> servers(TableParameters parameters) {
        int defaultPort = parameters.count("server_port", DEFAULT_PORT, 1);
        List<ServerAddress> servers = new ArrayList<>();
        for (String word : parameters.words("server_host", "localhost")) {
            try {
                servers.add(server(word, defaultPort));
            } catch (IllegalArgumentException e) {
                throw parameters.bad("server_host", "host, host:port, ldap://host, ldaps://host or ldapi://%2Fpath");
            }
        }
        if (servers.isEmpty()) {
            throw parameters.bad("server_host", "the address of a server");
        }
        return servers;
    }

    private static ServerAddress server(String word, int defaultPort) {
        String lower = word.toLowerCase(Locale.ROOT);
        int colon = lower.indexOf("://");
        if (colon < 0) {
            return ServerAddress.parse(word, defaultPort);
        }
        String rest = word.substring(colon + "://".length());
        if (rest.endsWith("/") && !lower.startsWith("ldapi")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        return switch (lower.substring(0, colon)) {
            case "ldap" -> ServerAddress.parse(rest, DEFAULT_PORT);
            case "ldaps" -> ServerAddress.parse(rest, TLS_PORT).withTls();
            case "ldapi" -> ServerAddress.parse("unix:" + URLDecoder.decode(rest, StandardCharsets.UTF_8), -1);
            default -> throw new IllegalArgumentException(word);
        };
    }

    static LdapLogin login(TableParameters parameters) {
        for (String name : NOT_YET) {
            if (parameters.has(name)) {
                throw parameters.bad(name, "not set: this cannot be done yet");
            }
        }
        int version = parameters.count("version", 3, 2);
        if (version > 3) {
            throw parameters.bad("version", "2 or 3; 3 is spoken");
        }
        String bind = parameters.choice("bind", "yes", List.of("yes", "simple", "no", "none"));
        return new LdapLogin(
                bind.equals("yes") || bind.equals("simple"),
                parameters.text("bind_dn", ""),
                parameters.text("bind_pw", ""),
                parameters.timeMs("timeout", LdapTable.TIMEOUT_MS, 1000),
                parameters.flag("chase_referrals", false),
                new LdapLogin.Tls(
                        parameters.flag("start_tls", false),
                        parameters.flag("tls_require_cert", false),
                        parameters.text("tls_ca_cert_file", "")));
    }

    /** RFC 4515 §3. */
    static void quoteForFilter(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '(' || c == ')' || c == '\\' || c == 0) {
                to.append('\\').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
            } else {
                to.append(c);
            }
        }
    }

    /** RFC 4514 §2.4. */
    static void quoteForName(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean atEdge = i == 0 || i == text.length() - 1;
            if (c == 0) {
                to.append("\\00");
                continue;
            }
            if (",+\"\\<>;=".indexOf(c) >= 0 || c == ' ' && atEdge || c == '#' && i == 0) {
                to.append('\\');
            }
            to.append(c);
        }
    }
}
