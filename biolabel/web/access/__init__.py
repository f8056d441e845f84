"""Who may use the server: doors, sessions, and the gate that every request passes."""
