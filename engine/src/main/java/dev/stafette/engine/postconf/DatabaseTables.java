// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.ConfigException;
import dev.stafette.engine.config.LogicalLine;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parameters that come with a table such as {@code ldap:name}: name_server_host and so on, in main.cf.
 * Thread: any (stateless).
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

    private DatabaseTables() {}

    /** Told of each name that a table may have. */
    interface NameSink {
        /** False if nobody has a parameter of that name. */
        boolean onName(String name);
    }

    static void scan(String value, NameSink sink, Warnings warnings) {
        if (value.indexOf(':') < 0) {
            return;
        }
        int at = 0;
        while (at < value.length()) {
            int from = at;
            while (at < value.length() && !isSeparator(value.charAt(at))) {
                at++;
            }
            if (at > from) {
                scanWord(value.substring(from, at), sink, warnings);
            }
            at++;
        }
    }

    /** Braces too: tables stand within those of {@code unionmap:{...}}. */
    private static boolean isSeparator(char c) {
        return c == ',' || c == '{' || c == '}' || LogicalLine.isSpace(c);
    }

    private static void scanWord(String word, NameSink sink, Warnings warnings) {
        int colon = word.indexOf(':');
        if (colon < 0) {
            return;
        }
        String type = word.substring(0, colon);
        String name = word.substring(colon + 1);
        if (type.equals("proxy")) {
            scanWord(name, sink, warnings);
            return;
        }
        List<String> suffixes = suffixes(type);
        if (suffixes == null || name.isEmpty()) {
            return;
        }
        if (name.charAt(0) == '/' || name.charAt(0) == '.') {
            checkFile(type, name, suffixes, warnings);
            return;
        }
        for (String suffix : suffixes) {
            sink.onName(name + "_" + suffix);
        }
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
    private static void checkFile(String type, String file, List<String> suffixes, Warnings warnings) {
        String text;
        try {
            text = ConfigFile.read(Path.of(file));
        } catch (ConfigException e) {
            String why = String.valueOf(e.getMessage());
            warnings.warn(
                    "open \"" + type + "\" configuration \"" + file + "\"" + why.substring(why.lastIndexOf(": ")));
            return;
        }
        for (LogicalLine line : LogicalLine.split(text)) {
            int equals = line.text().indexOf('=');
            if (equals > 0) {
                String name = LogicalLine.trim(line.text().substring(0, equals));
                if (!suffixes.contains(name)) {
                    warnings.warn(file + ": unused parameter: " + name + "="
                            + LogicalLine.trim(line.text().substring(equals + 1)));
                }
            }
        }
    }
}
