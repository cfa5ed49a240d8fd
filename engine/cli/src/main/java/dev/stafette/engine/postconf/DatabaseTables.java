// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parameters that come with a table such as {@code ldap:name}: name_server_host and so on, in main.cf; and looks
 * for what no table knows in the files that others have.
 * Thread: main.
 */
final class DatabaseTables {
    private static final List<String> LDAP = List.of(
            "bind",
            "bind_dn",
            "bind_pw",
            "cache_expiry",
            "cache_size",
            "chase_referrals",
            "debuglevel",
            "dereference",
            "domain",
            "expansion_limit",
            "leaf_result_attribute",
            "query_filter",
            "result_attribute",
            "result_filter",
            "result_format",
            "sasl_authz_id",
            "sasl_mechs",
            "sasl_minssf",
            "sasl_realm",
            "scope",
            "search_base",
            "server_host",
            "server_port",
            "size_limit",
            "special_result_attribute",
            "start_tls",
            "terminal_result_attribute",
            "timeout",
            "tls_ca_cert_dir",
            "tls_ca_cert_file",
            "tls_cert",
            "tls_cipher_suite",
            "tls_key",
            "tls_random_file",
            "tls_require_cert",
            "version");
    private static final List<String> MYSQL = List.of(
            "additional_conditions",
            "dbname",
            "domain",
            "expansion_limit",
            "hosts",
            "option_file",
            "option_group",
            "password",
            "query",
            "require_result_set",
            "result_format",
            "select_field",
            "table",
            "tls_ca_file",
            "tls_ca_path",
            "tls_cert_file",
            "tls_ciphers",
            "tls_key_file",
            "tls_verify_cert",
            "user",
            "where_field");
    private static final List<String> PGSQL = List.of(
            "additional_conditions",
            "dbname",
            "domain",
            "expansion_limit",
            "hosts",
            "password",
            "query",
            "result_format",
            "select_field",
            "select_function",
            "table",
            "user",
            "where_field",
            "encoding",
            "idle_interval",
            "retry_interval");
    private static final List<String> SQLITE = List.of(
            "additional_conditions",
            "dbpath",
            "domain",
            "expansion_limit",
            "query",
            "result_format",
            "select_field",
            "table",
            "where_field");
    private static final List<String> MEMCACHE = List.of(
            "backup",
            "data_size_limit",
            "domain",
            "flags",
            "key_format",
            "line_size_limit",
            "max_try",
            "memcache",
            "retry_pause",
            "timeout",
            "ttl");

    private final Warnings warnings;
    private final Set<String> filesSeen = new HashSet<>();

    DatabaseTables(Warnings warnings) {
        this.warnings = warnings;
    }

    /** Told of each name that a table may have. */
    interface NameSink {
        void onName(String name);
    }

    /** {@code where} stands in messages. What looks like a table may as well be some other text. */
    void scan(String value, String where, NameSink sink) {
        if (value.indexOf(':') < 0 && value.indexOf('{') < 0) {
            return;
        }
        int at = 0;
        while (at < value.length()) {
            if (isSeparator(value.charAt(at))) {
                at++;
                continue;
            }
            int from = at;
            int depth = 0;
            while (at < value.length() && (depth > 0 || !isSeparator(value.charAt(at)))) {
                char c = value.charAt(at++);
                depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            }
            scanWord(value.substring(from, at), where, sink);
        }
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private void scanWord(String word, String where, NameSink sink) {
        if (word.charAt(0) == '{') {
            scan(inside(word, where), where, sink);
            return;
        }
        int colon = word.indexOf(':');
        if (colon < 0) {
            return;
        }
        String type = word.substring(0, colon);
        String name = word.substring(colon + 1);
        List<String> suffixes = suffixes(type);
        if (type.equals("proxy")) {
            scanNested(name, where, sink);
        } else if (name.startsWith("{")) {
            scan(inside(name, where), where, sink);
        } else if (suffixes == null || name.startsWith(".")) {
            return;
        } else if (name.startsWith("/")) {
            checkFile(type, name, suffixes);
        } else {
            for (String suffix : suffixes) {
                sink.onName(name + "_" + suffix);
            }
        }
    }

    private void scanNested(String table, String where, NameSink sink) {
        if (table.indexOf(':') >= 0) {
            scanWord(table, where, sink);
        }
    }

    /** What the braces are around; of those that are not closed, or have something behind them, as much as there is. */
    private String inside(String word, String where) {
        int close = ConfigWords.closing(word, 0, '{', '}');
        if (close < 0) {
            warnings.warn(where + ": missing '}' in \"" + word + "\"");
            return word.substring(1);
        }
        if (close + 1 < word.length()) {
            warnings.warn(where + ": syntax error after '}' in \"" + word + "\"");
        }
        return word.substring(1, close);
    }

    private static @Nullable List<String> suffixes(String type) {
        return switch (type) {
            case "ldap" -> LDAP;
            case "mysql" -> MYSQL;
            case "pgsql" -> PGSQL;
            case "sqlite" -> SQLITE;
            case "memcache" -> MEMCACHE;
            default -> null;
        };
    }

    /** A table with a file of its own keeps them there. */
    private void checkFile(String type, String file, List<String> suffixes) {
        String table = type + ":" + file;
        if (!filesSeen.add(table)) {
            return;
        }
        String text;
        try {
            text = ConfigFile.read(Path.of(file));
        } catch (ConfigException e) {
            String why = String.valueOf(e.getMessage());
            // It may hold passwords that are not for everybody's eyes.
            if (!why.endsWith("Permission denied")) {
                warnings.warn(
                        "open \"" + type + "\" configuration \"" + file + "\"" + why.substring(why.lastIndexOf(": ")));
            }
            return;
        }
        for (Map.Entry<String, String> entry :
                MainFile.values(file, text, warnings).entrySet()) {
            if (!suffixes.contains(entry.getKey())) {
                warnings.warn(table + ": unused parameter: " + entry.getKey() + "=" + entry.getValue());
            }
        }
    }
}
