"""What people see and click: one module an area, with its forms, views and addresses."""
