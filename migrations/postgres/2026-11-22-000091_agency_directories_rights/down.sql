REVOKE ALL ON directories, directory_domains, directory_subjects, directory_errands FROM panel_app, panel_backup;
