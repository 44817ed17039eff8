//! Runs chat plugins: sandboxed components behind the `chat-plugin:api` contract.
