// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.server.ResultFormat;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.ServerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a database, with the statement that its table asks all the time prepared.
 * Thread: one at a time.
 */
final class SqlSession implements ServerPool.Session {
    private final Connection connection;

    /** The database's file as it was when it was opened; null where a server has it. */
    private final @Nullable FileVersion opened;

    // Owned by the thread that uses the connection.
    private @Nullable PreparedStatement prepared;
    private String preparedSql = "";

    /** A file that was renamed over the one we have open is another one. */
    private record FileVersion(Path path, @Nullable Object key) {
        static FileVersion of(Path path) throws IOException {
            return new FileVersion(
                    path, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        }
    }

    private SqlSession(Connection connection, @Nullable FileVersion opened) {
        this.connection = connection;
        this.opened = opened;
    }

    static SqlSession connect(ServerAddress server, SqlLogin login) throws IOException {
        FileVersion opened = server.kind() == ServerAddress.Kind.FILE ? FileVersion.of(Path.of(server.host())) : null;
        try {
            return new SqlSession(login.connect(server), opened);
        } catch (SQLException e) {
            throw new IOException(reason(e), e);
        }
    }

    /** Adds the columns of all rows to the result. */
    TableAnswer ask(String sql, List<String> parameters, boolean requireResultSet, ResultFormat.Result result)
            throws IOException {
        try {
            PreparedStatement statement = prepare(sql);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setString(i + 1, parameters.get(i));
            }
            if (statement.execute()) {
                try (ResultSet rows = statement.getResultSet()) {
                    add(rows, result);
                }
                if (statement.getMoreResults()) {
                    return TableAnswer.unavailable("the query has more than one result set");
                }
            } else if (requireResultSet) {
                return TableAnswer.unavailable("the query has no result set (require_result_set)");
            }
            return result.answer();
        } catch (SQLException e) {
            if (isOfConnection(e)) {
                throw new IOException(reason(e), e);
            }
            return TableAnswer.unavailable(reason(e));
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement last = prepared;
        if (last != null && preparedSql.equals(sql)) {
            return last;
        }
        if (last != null) {
            prepared = null;
            last.close();
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        prepared = statement;
        preparedSql = sql;
        return statement;
    }

    private void add(ResultSet rows, ResultFormat.Result result) throws SQLException {
        // Of SQLite the first alone, as in Postfix.
        int columns = opened == null ? rows.getMetaData().getColumnCount() : 1;
        while (!result.isOverLimit() && rows.next()) {
            for (int column = 1; column <= columns; column++) {
                result.add(rows.getString(column));
            }
        }
    }

    /** The rest is the fault of the query, and another server would say the same. */
    private boolean isOfConnection(SQLException e) {
        if (e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException) {
            return true;
        }
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || !isUsable();
    }

    /** One line: drivers like to tell stories. */
    private static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    @Override
    public boolean isUsable() {
        try {
            FileVersion then = opened;
            return !connection.isClosed() && (then == null || Objects.equals(then, FileVersion.of(then.path())));
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(reason(e), e);
        }
    }
}
