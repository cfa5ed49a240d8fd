// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.SharedTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.compound.AbsentTable;
import dev.stafette.engine.table.compound.CachedTable;
import dev.stafette.engine.table.compound.FailTable;
import dev.stafette.engine.table.compound.RandomTable;
import dev.stafette.engine.table.compound.StaticTable;
import dev.stafette.engine.table.compound.TableChain;
import dev.stafette.engine.table.file.EnvironTable;
import dev.stafette.engine.table.file.IndexedTable;
import dev.stafette.engine.table.file.InlineTable;
import dev.stafette.engine.table.file.PopauthTable;
import dev.stafette.engine.table.file.TextTable;
import dev.stafette.engine.table.file.UnixTable;
import dev.stafette.engine.table.ldap.LdapTable;
import dev.stafette.engine.table.pattern.CidrTable;
import dev.stafette.engine.table.pattern.PatternTable;
import dev.stafette.engine.table.server.MemcacheTable;
import dev.stafette.engine.table.server.RedisTable;
import dev.stafette.engine.table.server.SocketmapTable;
import dev.stafette.engine.table.server.TcpTable;
import dev.stafette.engine.table.sql.SqlDialect;
import dev.stafette.engine.table.sql.SqlTable;
import java.util.List;

/**
 * The list of table types: a line in each of the two places, and a class.
 * Thread: any (stateless).
 */
public final class TableTypes {
    /** As {@code postconf -m} prints them. */
    public static final List<String> NAMES = List.of(
            "btree",
            "cdb",
            "cidr",
            "dbm",
            "environ",
            "fail",
            "hash",
            "inline",
            "ldap",
            "lmdb",
            "memcache",
            "memory-cached",
            "mysql",
            "pcre",
            "pgsql",
            "pipemap",
            "popauth",
            "proxy",
            "randmap",
            "redis",
            "regexp",
            "sdbm",
            "socketmap",
            "sqlite",
            "static",
            "tcp",
            "texthash",
            "unionmap",
            "unix");

    private TableTypes() {}

    public static Table open(TableSpec spec, TableHost host) {
        // A switch, as a map would load every one of them.
        return switch (spec.type()) {
            case "btree", "cdb", "dbm", "hash", "lmdb", "sdbm" -> IndexedTable.open(spec, host);
            case "cidr" -> CidrTable.open(spec, host);
            case "environ" -> EnvironTable.open(host);
            case "fail" -> FailTable.open(spec);
            case "inline" -> InlineTable.open(spec, host);
            case "ldap" -> LdapTable.open(spec, host);
            case "memcache" -> MemcacheTable.open(spec, host);
            case "memory-cached" -> CachedTable.open(spec, host);
            case "mysql" -> SqlTable.open(SqlDialect.MYSQL, spec, host);
            case "pcre" -> PatternTable.pcre(spec, host);
            case "pgsql" -> SqlTable.open(SqlDialect.PGSQL, spec, host);
            case "pipemap" -> TableChain.pipe(spec, host);
            case "popauth" -> PopauthTable.open(spec, host);
            case "proxy" -> SharedTable.open(spec, host);
            case "randmap" -> RandomTable.open(spec);
            case "redis" -> RedisTable.open(spec, host);
            case "regexp" -> PatternTable.regexp(spec, host);
            case "socketmap" -> SocketmapTable.open(spec, host);
            case "sqlite" -> SqlTable.open(SqlDialect.SQLITE, spec, host);
            case "static" -> StaticTable.open(spec);
            case "tcp" -> TcpTable.open(spec, host);
            case "texthash" -> TextTable.open(spec, host);
            case "unionmap" -> TableChain.union(spec, host);
            case "unix" -> UnixTable.open(spec, host);
            default -> AbsentTable.open(spec, host);
        };
    }

    /** For commands, whose user can wait for nothing: throws for a type that is not in the list. */
    public static void check(TableSpec spec) {
        if (!NAMES.contains(spec.type())) {
            throw new ConfigException(AbsentTable.unsupported(spec.type()));
        }
    }
}
