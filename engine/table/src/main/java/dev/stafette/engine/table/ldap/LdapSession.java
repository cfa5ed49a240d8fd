// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import dev.stafette.engine.table.server.ServerPool;
import java.io.IOException;
import java.util.List;

/**
 * A connection to a directory.
 * Thread: one at a time.
 */
final class LdapSession implements ServerPool.Session {
    private final LDAPConnection connection;

    LdapSession(LDAPConnection connection) {
        this.connection = connection;
    }

    /** What the directory answered instead of entries, over a connection that is as good as before. */
    static final class SearchFailure extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean noSuchObject;

        SearchFailure(String message, boolean noSuchObject) {
            super(message);
            this.noSuchObject = noSuchObject;
        }

        boolean isNoSuchObject() {
            return noSuchObject;
        }
    }

    List<SearchResultEntry> search(SearchRequest request) throws IOException, SearchFailure {
        try {
            return connection.search(request).getSearchEntries();
        } catch (LDAPException e) {
            ResultCode code = e.getResultCode();
            if (!code.isConnectionUsable()) {
                throw new IOException(e.getMessage(), e);
            }
            throw new SearchFailure(code.getName() + ": " + e.getMessage(), code.equals(ResultCode.NO_SUCH_OBJECT));
        }
    }

    @Override
    public boolean isUsable() {
        return connection.isConnected();
    }

    @Override
    public void close() {
        connection.close();
    }
}
