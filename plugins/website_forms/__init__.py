"""The five forms of the agency's web site: notification mails and exports."""
