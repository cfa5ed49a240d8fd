// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;
import java.util.List;

/**
 * The list of table types: a line in each of the two places, and a class.
 * Thread: any (stateless).
 */
public final class TableTypes {
    /** As {@code postconf -m} prints them. */
    public static final List<String> NAMES = List.of(
            "fail", "ldap", "memcache", "mysql", "pgsql", "proxy", "redis", "socketmap", "sqlite", "static", "tcp");

    private TableTypes() {}

    static Table open(TableSpec spec, TableHost host) {
        // A switch, as a map would load every one of them.
        return switch (spec.type()) {
            case "fail" -> FailTable.open(spec);
            case "ldap" -> LdapTable.open(spec, host);
            case "memcache" -> MemcacheTable.open(spec, host);
            case "mysql" -> SqlTable.open(SqlDialect.MYSQL, spec, host);
            case "pgsql" -> SqlTable.open(SqlDialect.PGSQL, spec, host);
            case "proxy" -> SharedTable.open(spec, host);
            case "redis" -> RedisTable.open(spec, host);
            case "socketmap" -> SocketmapTable.open(spec, host);
            case "sqlite" -> SqlTable.open(SqlDialect.SQLITE, spec, host);
            case "static" -> StaticTable.open(spec);
            case "tcp" -> TcpTable.open(spec, host);
            default -> throw new ConfigException("unsupported dictionary type: " + spec.type());
        };
    }
}
